// Trust in the shield that runs on the developer's own Mac, whose certificate no authority signed. It is
// pinned: the server must present exactly what is in the bundle (server.der), for its own name, in its time.

#if DEBUG
    import Foundation
    import Security

    enum LocalShield {
        /// The simulator shares the Mac's loopback; a device does not.
        static let host = "127.0.0.1"

        /// Cancels the connection unless the server is the bundled one.
        static func judge(
            _ trust: SecTrust?
        ) -> (URLSession.AuthChallengeDisposition, URLCredential?) {
            guard let trust, let pinned = bundledCertificate() else {
                return (.cancelAuthenticationChallenge, nil)
            }
            guard SecTrustSetAnchorCertificates(trust, [pinned] as CFArray) == errSecSuccess,
                SecTrustSetAnchorCertificatesOnly(trust, true) == errSecSuccess,
                SecTrustEvaluateWithError(trust, nil)
            else { return (.cancelAuthenticationChallenge, nil) }
            return (.useCredential, URLCredential(trust: trust))
        }

        private static func bundledCertificate() -> SecCertificate? {
            guard let file = Bundle.main.url(forResource: "server", withExtension: "der"),
                let data = try? Data(contentsOf: file)
            else { return nil }
            return SecCertificateCreateWithData(nil, data as CFData)
        }
    }
#endif
