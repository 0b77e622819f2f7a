// The app: one screen that lists the latest readings. The names of the bundled files are here.

import SwiftUI

@main
struct TemperaturesApp: App {
    @StateObject private var model = ReadingsModel(makeAPI: makeAPI)

    var body: some Scene {
        WindowGroup {
            ReadingsView(model: model)
        }
    }
}

/// Loads the certificate and opens the session. A problem with either is shown on the screen, never a crash.
@Sendable
private func makeAPI() throws -> TemperatureAPI {
    guard let url = URL(string: "https://127.0.0.1:8443/temps") else {
        throw TemperatureAPI.Failure.badAddress
    }
    // A password inside the app keeps nothing secret from who takes the app apart: see README.md.
    let identity = try ClientIdentity.load(resource: "ios", password: "demo")
    return try TemperatureAPI(url: url, identity: identity)
}
