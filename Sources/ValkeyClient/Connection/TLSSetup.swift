import Foundation
import NIOSSL

/// Makes of the files of a `ServerTLS` what connections need, once for all of them.
enum TLSSetup {
    private static let fileBytesMax = 4 * 1024 * 1024

    /// - Throws: where a file cannot be read, or is not what it should be, with its path.
    static func context(_ tls: ServerTLS) throws(ServerError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if tls.insecure { configuration.certificateVerification = .none }
        if let path = tls.authorityFile { configuration.trustRoots = .certificates(try certificates(path)) }
        switch (tls.certificateFile, tls.keyFile) {
        case (nil, nil): break
        case (let certificate?, let key?):
            configuration.certificateChain = try certificates(certificate).map { .certificate($0) }
            configuration.privateKey = .privateKey(try self.key(key))
        case (let path?, nil): throw trouble("the certificate '\(path)' has no key", "Give the file of its key too.")
        case (nil, let path?): throw trouble("the key '\(path)' has no certificate", "Give its certificate too.")
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw trouble(
                "TLS cannot be set up with these files",
                "See whether the key is that of the certificate, and whether the authorities can be read.")
        }
    }

    private static func certificates(_ path: String) throws(ServerError) -> [NIOSSLCertificate] {
        let bytes = try read(path)
        do {
            let certificates = try NIOSSLCertificate.fromPEMBytes(bytes)
            if !certificates.isEmpty { return certificates }
        } catch {}
        throw trouble(
            "'\(path)' holds no certificate", "It must be a file in PEM format: '-----BEGIN CERTIFICATE-----'.")
    }

    private static func key(_ path: String) throws(ServerError) -> NIOSSLPrivateKey {
        let bytes = try read(path)
        do {
            return try NIOSSLPrivateKey(bytes: bytes, format: .pem)
        } catch {
            throw trouble("'\(path)' holds no key that can be read", "It must be in PEM format, and not encrypted.")
        }
    }

    private static func read(_ path: String) throws(ServerError) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw trouble("the file '\(path)' cannot be read", "See whether it is there, and who may read it.")
        }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: fileBytesMax) else {
            throw trouble("the file '\(path)' cannot be read", "See whether it is a file.")
        }
        return Array(data)
    }

    private static func trouble(_ what: String, _ advice: String) -> ServerError {
        ServerError(.refused, at: nil, what, advice: advice)
    }
}
