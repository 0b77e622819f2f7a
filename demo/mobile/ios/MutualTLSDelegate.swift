// Answers the two questions of a TLS handshake: "who are you?" with the client certificate, to our API alone,
// and "do you trust me?" as the system does. A debug build also trusts the local shield's own certificate, on
// the demo host and nowhere else; a release build does not contain that code.

import Foundation
import Security

final class MutualTLSDelegate: NSObject, URLSessionDelegate {
    private let host: String
    private let identity: ClientIdentity

    init(host: String, identity: ClientIdentity) {
        self.host = host
        self.identity = identity
    }

    func urlSession(
        _ session: URLSession, didReceive challenge: URLAuthenticationChallenge
    ) async -> (URLSession.AuthChallengeDisposition, URLCredential?) {
        // The certificate names this device: other hosts do not get to see it.
        guard challenge.protectionSpace.host == host else { return (.performDefaultHandling, nil) }
        switch challenge.protectionSpace.authenticationMethod {
        case NSURLAuthenticationMethodClientCertificate:
            let credential = URLCredential(
                identity: identity.identity, certificates: nil, persistence: .forSession)
            return (.useCredential, credential)
        #if DEBUG
            case NSURLAuthenticationMethodServerTrust where host == LocalShield.host:
                return LocalShield.judge(challenge.protectionSpace.serverTrust)
        #endif
        default:
            return (.performDefaultHandling, nil)
        }
    }
}
