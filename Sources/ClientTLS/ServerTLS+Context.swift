import Foundation
import HostSystem
import NIOSSL

/// A file for TLS that is of no use, with the reason and what to do.
public struct TLSFileTrouble: TellingError, Hashable {
    public let what: String
    /// A sentence.
    public let advice: String

    public var description: String { "\(what). \(advice)" }
}

extension ServerTLS {
    private static let fileBytesMax = 4 * 1024 * 1024

    /// The part of TLS that all connections share, made from the files once.
    ///
    /// - Throws: ``TLSFileTrouble`` with the file's path, if one cannot be read or is not what it should be.
    public func context() throws(TLSFileTrouble) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        // A server that is stopped does not say goodbye, and must not keep a command from ending.
        configuration.shutdownTimeout = .milliseconds(500)
        if insecure { configuration.certificateVerification = .none }
        if let path = authorityFile { configuration.trustRoots = .certificates(try Self.certificates(path)) }
        switch (certificateFile, keyFile) {
        case (nil, nil): break
        case (let certificate?, let key?):
            configuration.certificateChain = try Self.certificates(certificate).map { .certificate($0) }
            configuration.privateKey = .privateKey(try Self.key(key))
        case (let path?, nil):
            throw Self.trouble("the certificate '\(path)' has no key", "Give the file of its key too.")
        case (nil, let path?): throw Self.trouble("the key '\(path)' has no certificate", "Give its certificate too.")
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw Self.trouble(
                "TLS cannot be set up with these files",
                "See whether the key is that of the certificate, and whether the authorities can be read.")
        }
    }

    private static func certificates(_ path: String) throws(TLSFileTrouble) -> [NIOSSLCertificate] {
        let bytes = try read(path)
        do {
            let certificates = try NIOSSLCertificate.fromPEMBytes(bytes)
            if !certificates.isEmpty { return certificates }
        } catch {}
        throw trouble(
            "'\(path)' holds no certificate", "It must be a file in PEM format: '-----BEGIN CERTIFICATE-----'.")
    }

    private static func key(_ path: String) throws(TLSFileTrouble) -> NIOSSLPrivateKey {
        let bytes = try read(path)
        do {
            return try NIOSSLPrivateKey(bytes: bytes, format: .pem)
        } catch {
            throw trouble("'\(path)' holds no key that can be read", "It must be in PEM format, and not encrypted.")
        }
    }

    private static func read(_ path: String) throws(TLSFileTrouble) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw trouble("the file '\(path)' cannot be read", "See whether it is there, and who may read it.")
        }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: fileBytesMax) else {
            throw trouble("the file '\(path)' cannot be read", "See whether it is a file.")
        }
        return Array(data)
    }

    private static func trouble(_ what: String, _ advice: String) -> TLSFileTrouble {
        TLSFileTrouble(what: what, advice: advice)
    }
}
