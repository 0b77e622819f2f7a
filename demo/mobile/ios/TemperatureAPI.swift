// The temperature API as the app sees it: lists readings over mutual TLS. A refusal carries the shield's own
// words and the ray id, which is what support asks for.

import Foundation

struct Reading: Decodable, Sendable {
    /// Degrees Celsius.
    let temperature: Double
    let time: Date
}

struct TemperatureAPI: Sendable {
    private let url: URL
    private let session: URLSession

    enum Failure: LocalizedError {
        case badAddress
        case rejected(status: Int, problem: Problem?)

        var errorDescription: String? {
            switch self {
            case .badAddress:
                return "The address of the API is not a URL with a host."
            case .rejected(let status, let problem):
                let reason = problem?.detail ?? "The API answered with status \(status)."
                guard let ray = problem?.instance else { return reason }
                return "\(reason) (ray \(ray))"
            }
        }
    }

    /// RFC 9457.
    struct Problem: Decodable, Sendable {
        let detail: String?
        let instance: String?
    }

    init(url: URL, identity: ClientIdentity) throws {
        guard let host = url.host else { throw Failure.badAddress }
        self.url = url
        // Ephemeral: readings are not left in a cache on the device.
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 10
        configuration.tlsMinimumSupportedProtocolVersion = .TLSv12
        session = URLSession(
            configuration: configuration,
            delegate: MutualTLSDelegate(host: host, identity: identity),
            delegateQueue: nil)
    }

    /// The latest readings of the certificate's organisation, newest first.
    func readings() async throws -> [Reading] {
        let (data, response) = try await session.data(from: url)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard status == 200 else {
            let problem = try? JSONDecoder().decode(Problem.self, from: data)
            throw Failure.rejected(status: status, problem: problem)
        }
        return try Self.decoder.decode([Reading].self, from: data)
    }

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = parseTime(text) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "\(text) is not an RFC 3339 time")
            }
            return date
        }
        return decoder
    }

    /// Sensors write the time with and without fractions of a second.
    private static func parseTime(_ text: String) -> Date? {
        let formatter = ISO8601DateFormatter()
        if let date = formatter.date(from: text) { return date }
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return formatter.date(from: text)
    }
}
