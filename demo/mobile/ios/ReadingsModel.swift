// What the screen shows: nothing yet, readings, or why there are none.

import Foundation

@MainActor
final class ReadingsModel: ObservableObject {
    enum State {
        case waiting
        case loaded([Reading])
        case failed(String)
    }

    @Published private(set) var state = State.waiting

    private let makeAPI: @Sendable () throws -> TemperatureAPI
    private var api: TemperatureAPI?

    init(makeAPI: @escaping @Sendable () throws -> TemperatureAPI) {
        self.makeAPI = makeAPI
    }

    /// Asks the API again. A failure replaces what was shown: old temperatures must not pass for new ones.
    func refresh() async {
        do {
            let api = try self.api ?? makeAPI()
            self.api = api
            state = .loaded(try await api.readings())
        } catch is CancellationError {
            return
        } catch let error as URLError where error.code == .cancelled {
            // The system says "cancelled" for a server that the delegate did not trust, too.
            state = .failed("The connection was cancelled; is the server's certificate the bundled one?")
        } catch {
            state = .failed(error.localizedDescription)
        }
    }
}
