// The app's client certificate with its private key, out of a PKCS#12 file of the bundle. Loading it says
// what is wrong in words for a person: no file, wrong password, nothing in it.

import Foundation
import Security

struct ClientIdentity: @unchecked Sendable {
    /// Immutable after the import, so it may cross threads.
    let identity: SecIdentity

    enum Failure: LocalizedError {
        case missingFile(String)
        case wrongPassword
        case unreadable(OSStatus)
        case empty

        var errorDescription: String? {
            switch self {
            case .missingFile(let name):
                return "The app has no \(name). Add it to the target."
            case .wrongPassword:
                return "The certificate file does not open with this password."
            case .unreadable(let status):
                let reason = SecCopyErrorMessageString(status, nil) as String?
                return "The certificate file cannot be read: \(reason ?? "error \(status)")."
            case .empty:
                return "The certificate file holds no certificate with a private key."
            }
        }
    }

    /// Reads `resource`.p12 of the bundle.
    static func load(
        resource: String, password: String, bundle: Bundle = .main
    ) throws -> ClientIdentity {
        guard let file = bundle.url(forResource: resource, withExtension: "p12") else {
            throw Failure.missingFile("\(resource).p12")
        }
        let data = try Data(contentsOf: file)
        let options = [kSecImportExportPassphrase as String: password]
        var imported: CFArray?
        let status = SecPKCS12Import(data as CFData, options as CFDictionary, &imported)
        switch status {
        case errSecSuccess:
            break
        case errSecAuthFailed:
            throw Failure.wrongPassword
        default:
            throw Failure.unreadable(status)
        }
        guard let identity = firstIdentity(in: imported) else { throw Failure.empty }
        return ClientIdentity(identity: identity)
    }

    private static func firstIdentity(in imported: CFArray?) -> SecIdentity? {
        guard let items = imported as? [[String: Any]],
            let found = items.lazy.compactMap({ $0[kSecImportItemIdentity as String] }).first
        else { return nil }
        // Swift cannot cast conditionally to a Core Foundation type; the type id is the check.
        let object = found as AnyObject
        guard CFGetTypeID(object) == SecIdentityGetTypeID() else { return nil }
        return unsafeDowncast(object, to: SecIdentity.self)
    }
}
