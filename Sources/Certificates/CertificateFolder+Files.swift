import Crypto
import Foundation
import HostSystem
import X509

/// The contents of the files, and the way they are written.
extension CertificateFolder {
    private static let fileBytesMax = 1024 * 1024

    func check(_ name: String, _ days: Int) throws(CertificateTrouble) {
        guard (1...Self.daysMax).contains(days) else {
            throw CertificateTrouble(.request, "a certificate is valid for 1 to \(Self.daysMax) days")
        }
        guard (1...Self.nameCharactersMax).contains(name.count),
            name.unicodeScalars.allSatisfy({ (0x20...0x7E).contains($0.value) && $0 != "/" }),
            !name.hasPrefix("."), !name.hasPrefix(" "), !name.hasSuffix(" ")
        else {
            throw CertificateTrouble(
                .request,
                "a name has 1 to \(Self.nameCharactersMax) characters of ASCII, no / in it and no . at its beginning")
        }
    }

    func prepare() throws(CertificateTrouble) {
        do {
            guard isThere(path) else {
                return try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            guard (mode?.intValue ?? 0) & 0o077 == 0 else {
                throw CertificateTrouble(
                    .file, "others may look into the folder '\(path)', which is for keys: 'chmod 700' keeps them out")
            }
        } catch let trouble as CertificateTrouble {
            throw trouble
        } catch {
            throw CertificateTrouble(.file, "cannot make the folder '\(path)': \(error.words)")
        }
    }

    func authority() throws(CertificateTrouble) -> Issuer {
        guard isThere(authorityFile) else {
            throw CertificateTrouble(
                .file, "'\(path)' has no authority; 'shardtop certs init \(path)' makes one")
        }
        let issuer = Issuer(certificate: try certificate(authorityFile), key: try key(authorityKeyFile))
        guard issuer.certificate.publicKey == Certificate.PublicKey(issuer.key.publicKey) else {
            throw CertificateTrouble(.file, "'\(authorityKeyFile)' is not the key of '\(authorityFile)'")
        }
        return issuer
    }

    func certificate(_ file: String) throws(CertificateTrouble) -> Certificate {
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: file))
            guard data.count <= Self.fileBytesMax else {
                throw CertificateTrouble(.file, "'\(file)' is too long for a certificate")
            }
            return try Certificate(pemEncoded: String(decoding: data, as: UTF8.self))
        } catch let trouble as CertificateTrouble {
            throw trouble
        } catch let error as CocoaError {
            throw CertificateTrouble(.file, "'\(file)' cannot be read: \(error.words)")
        } catch {
            throw CertificateTrouble(.file, "'\(file)' holds no certificate in PEM format")
        }
    }

    func key(_ file: String) throws(CertificateTrouble) -> P256.Signing.PrivateKey {
        do {
            let bytes = try SecretFile.read(file, bytesMax: Self.fileBytesMax)
            return try P256.Signing.PrivateKey(pemRepresentation: String(decoding: bytes, as: UTF8.self))
        } catch let refusal as SecretFile.Refusal {
            throw CertificateTrouble(.file, refusal.description)
        } catch {
            throw CertificateTrouble(.file, "'\(file)' holds no key of the curve P-256 in PEM format")
        }
    }

    func write(
        _ key: P256.Signing.PrivateKey, to file: String, replaces: Bool
    ) throws(CertificateTrouble) {
        do throws(SecretFile.Refusal) {
            try SecretFile.write(Array((key.pemRepresentation + "\n").utf8), to: file, replaces: replaces)
        } catch {
            throw CertificateTrouble(.file, error.description)
        }
    }

    func write(_ certificate: Certificate, to file: String) throws(CertificateTrouble) {
        let text = try made { try certificate.serializeAsPEM().pemString + "\n" }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
        } catch {
            throw CertificateTrouble(.file, "'\(file)' cannot be written: \(error.words)")
        }
    }

    func isThere(_ file: String) -> Bool { FileManager.default.fileExists(atPath: file) }

    func made<Value>(_ body: () throws -> Value) throws(CertificateTrouble) -> Value {
        do { return try body() } catch {
            throw CertificateTrouble(.request, "the certificate cannot be made of these names")
        }
    }
}
