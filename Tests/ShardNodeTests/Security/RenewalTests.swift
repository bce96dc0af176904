import NIOSSL
import PaperAuthority
import Synchronization
import Testing

@testable import ShardNode

/// Certificates that are renewed while clients ask.
@Suite(.timeLimit(.minutes(5))) struct RenewalTests {
    @Test func noRequestIsLostWhileTheCertificateIsRenewed() async throws {
        let cluster = try SecureCluster()
        try cluster.pair("one")
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(cluster.path("ca.pem")))
        let tls = try NIOSSLContext(configuration: configuration)
        try await RunningNode.with(settings: .changed { cluster.tls("one", &$0) }) { (node) async throws in
            let progress = Progress()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<4 {
                    group.addTask {
                        // Half of them keep their connection, the others make a new one each time.
                        var kept = try await RawClient.connect(port: node.port, tls: tls)
                        var count = 0
                        while !progress.isOver.withLock({ $0 }) {
                            if lane % 2 == 1, count > 0 {
                                await kept.close()
                                kept = try await RawClient.connect(port: node.port, tls: tls)
                                count = 0
                            }
                            count += 1
                            try await kept.send("GET /kvs/a HTTP/1.1\r\nHost: x\r\n\r\n")
                            let wanted = count
                            #expect(
                                await eventually { kept.statuses.count == wanted },
                                "\(lane): \(kept.inbox.text.suffix(200))")
                            progress.answered.withLock { $0 += 1 }
                            if count == 200 {
                                await kept.close()
                                kept = try await RawClient.connect(port: node.port, tls: tls)
                                count = 0
                            }
                        }
                        await kept.close()
                    }
                }
                var last = try await ends(node)
                for days in [2.0, 3, 4] {
                    let before = progress.answered.withLock { $0 }
                    #expect(await eventually { progress.answered.withLock { $0 } > before + 20 })
                    try cluster.pair("one", endsIn: days * 86_400)
                    #expect(try await eventually { try await ends(node) > last })
                    last = try await ends(node)
                }
                let before = progress.answered.withLock { $0 }
                #expect(await eventually { progress.answered.withLock { $0 } > before + 20 })
                progress.isOver.withLock { $0 = true }
                try await group.waitForAll()
            }
        }
    }

    private final class Progress: Sendable {
        let answered = Mutex(0)
        let isOver = Mutex(false)
    }

    private func ends(_ node: RunningNode) async throws -> UInt64 {
        try await node.value { $0.core.security.state.certificateEndsMilliseconds ?? 0 }
    }
}
