import ClusterSecurity
import HostSystem
import ShardCore

/// Reads the files of ``SecurityFiles``.
enum SecurityReading {
    static func tokens(_ path: String) throws(SecurityProblem) -> TokenFile {
        let text = String(decoding: try secret(path, bytesMax: TokenFile.bytesMax), as: UTF8.self)
        let file: TokenFile
        do throws(TokenFileProblem) {
            file = try TokenFile(parsing: text)
        } catch {
            throw SecurityProblem("the token file '\(path)' cannot be used: \(error.description)")
        }
        guard !file.entries.isEmpty else {
            throw SecurityProblem("the token file '\(path)' names nobody; add a token, or leave --token-file out")
        }
        return file
    }

    static func clusterSecret(_ path: String) throws(SecurityProblem) -> ClusterSecret {
        let bytes = try secret(path, bytesMax: ClusterSecret.bytesMax)
        guard let secret = ClusterSecret(bytes) else {
            throw SecurityProblem(
                "the cluster's secret in '\(path)' has fewer than \(ClusterSecret.bytesMin) bytes; make one with "
                    + "'head -c 32 /dev/urandom | base64'")
        }
        return secret
    }

    static func secret(_ path: String, bytesMax: Int) throws(SecurityProblem) -> [UInt8] {
        do throws(SecretFile.Refusal) {
            return try SecretFile.read(path, bytesMax: bytesMax)
        } catch {
            throw SecurityProblem(error.description)
        }
    }
}
