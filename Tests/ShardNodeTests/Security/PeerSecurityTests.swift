import NIOCore
import NIOSSL
import PaperAuthority
import ShardCore
import Testing

@testable import ShardNode

/// Which links between nodes are let in, and what both ends say where they are not.
@Suite(.timeLimit(.minutes(5))) struct PeerSecurityTests {
    // MARK: A secret

    @Test func nodesThatKnowTheSecretHearEachOther() async throws {
        let cluster = try SecureCluster()
        let closed = NodeSettings.changed { cluster.secret(&$0) }
        try await SecureCluster.withTwo(accepter: closed, dialler: closed) { (one, two) async throws in
            #expect(await SecureCluster.arrives(one, two))
            #expect(try await one.value { $0.core.security.state.peers } == .secret)
        }
    }

    @Test func whoProvesNothingIsRefusedAndToldWhatItNeeds() async throws {
        let cluster = try SecureCluster()
        try await SecureCluster.withTwo(accepter: .changed { cluster.secret(&$0) }) {
            let (here, there) = try await SecureCluster.refusals($0, $1)
            #expect(here.contains("127.0.0.1 is not let in as a peer: This cluster is closed"), "\(here)")
            #expect(there.contains("start it with --cluster-secret-file"), "\(there)")
        }
    }

    @Test func whoWaitsTellsThatItIsNotLetInAndWhy() async throws {
        let cluster = try SecureCluster()
        try await SecureCluster.withTwo(accepter: .changed { cluster.secret(&$0) }) {
            (accepter, dialler) async throws in
            dialler.record.update { $0.wait = .answers([SecureCluster.accepter]) }
            func waitsFor() async throws -> String {
                try await RoleTests.wholeAnswer(dialler.port, "/shardnode/v1/state")
            }
            let waits = #""waitsFor":"an answer of 127.0.0.1:8081"#
            let before = try await waitsFor()
            #expect(before.contains(waits + "\""), "\(before)")
            _ = try await SecureCluster.refusals(accepter, dialler)
            let after = try await waitsFor()
            #expect(after.contains(waits + "; it has no link to 127.0.0.1:8081: the peer refuses the link"), "\(after)")
            #expect(after.contains("start it with --cluster-secret-file"), "\(after)")
            try await dialler.value { $0.core.security.linked(SecureCluster.accepter) }
            let later = try await waitsFor()
            #expect(later.contains(waits + "\""), "\(later)")
        }
    }

    @Test func whoKnowsAnotherSecretIsRefused() async throws {
        let cluster = try SecureCluster()
        try cluster.folder.write("other", "another secret of a cluster\n")
        try await SecureCluster.withTwo(
            accepter: .changed { cluster.secret(&$0) }, dialler: .changed { cluster.secret(&$0, "other") }
        ) {
            let (_, there) = try await SecureCluster.refusals($0, $1)
            #expect(there.contains("the peer's cluster secret is another one"), "\(there)")
            let here = try await SecureCluster.words($0)
            #expect(here.contains("127.0.0.1:8082 is not let in as a peer"), "\(here)")
            for words in [here, there] {
                #expect(words.contains("give both the same --cluster-secret-file"), "\(words)")
            }
        }
    }

    @Test func aClosedNodeDoesNotTellItsMessagesToAnOpenOne() async throws {
        let cluster = try SecureCluster()
        try await SecureCluster.withTwo(dialler: .changed { cluster.secret(&$0) }) { (accepter, dialler) async throws in
            #expect(
                try await eventually {
                    dialler.record.direct(.send(SecureCluster.message(), to: SecureCluster.accepter))
                    return try await dialler.value { $0.core.security.state.refusedByPeers } > 0
                })
            #expect(
                try await SecureCluster.words(dialler).contains("does not prove that it knows the cluster's secret"))
            #expect(accepter.record.value.messages.isEmpty)
        }
    }

    @Test func aWrongProofIsRefusedBeforeAnythingIsDecoded() async throws {
        let cluster = try SecureCluster()
        try await RunningNode.with(settings: .changed { cluster.secret(&$0) }) { node in
            let client = try await RawClient.connect(port: node.port)
            let hello =
                "\(PeerProtocol.fromHeader): 127.0.0.1:8082\r\n\(PeerProtocol.nonceHeader): "
                + String(repeating: "ab", count: PeerProof.nonceBytes) + "\r\n"
            try await client.send(PeerProtocol.request(to: testAddress, hello))
            #expect(await client.received("\r\n\r\n").contains("101 Switching"))
            var bytes = ByteBuffer(repeating: 0x78, count: PeerProof.bytes)
            PeerFrames.write(SecureCluster.message(), to: &bytes)
            try await client.channel.writeAndFlush(bytes)
            #expect(await eventually { client.inbox.isClosed })
            #expect(node.record.value.messages.isEmpty)
            #expect(try await node.value { $0.core.security.state.refusedLinks } == 1)
            await client.close()
        }
    }

    @Test func aProofOfAnotherLinkIsWorthNothing() throws {
        let secret = try #require(ClusterSecret(Array("sixteen bytes of".utf8)))
        let (one, two) = (PeerProof.nonce(), PeerProof.nonce())
        func proof(
            _ end: PeerProof.End = .dialler, _ dialler: String = "a:1", _ accepter: String = "b:2",
            _ nonce: [UInt8]? = nil
        ) -> PeerProof {
            PeerProof(of: end, diallerNonce: nonce ?? one, accepterNonce: two, dialler: dialler, accepter: accepter)
        }
        let made = proof().made(with: secret)
        #expect(proof().isRight(made, for: secret))
        for other in [
            proof(.accepter), proof(.dialler, "c:3"), proof(.dialler, "a:1", "c:3"), proof(.dialler, "a:1", "b:2", two),
        ] {
            #expect(!other.isRight(made, for: secret))
        }
        let otherSecret = try #require(ClusterSecret(Array("sixteen bytes or".utf8)))
        #expect(!proof().isRight(made, for: otherSecret))
        #expect(ClusterSecret(Array("fifteen bytes .\n".utf8)) == nil)
        #expect(!"\(secret)".contains("sixteen") && !String(reflecting: secret).contains("sixteen"))
    }

    @Test func aPeerSpeaksForItselfAlone() async throws {
        let cluster = try SecureCluster()
        try await SecureCluster.withTwo(
            accepter: .changed { cluster.secret(&$0) }, dialler: .changed { cluster.secret(&$0) }
        ) {
            (one, two) async throws in
            #expect(await SecureCluster.arrives(one, two))
            let other = NodeAddress("127.0.0.1:8083")!
            two.record.direct(.send(SecureCluster.message(from: other), to: SecureCluster.accepter))
            #expect(try await eventually { try await one.value { $0.core.security.state.refusedLinks } > 0 })
            #expect(!one.record.value.messages.contains { $0.from == other })
            #expect(
                try await SecureCluster.words(one).contains("it sends a message as 127.0.0.1:8083, which it is not"))
        }
    }

    // MARK: An open cluster

    @Test func unfinishedFramesAreKeptWithinABoundForAllLinksTogether() async throws {
        try await RunningNode.with { node in
            _ = try await node.value { $0.core.connections.frames.bytesMax = 1_000 }
            var links: [RawClient] = []
            for _ in 0..<3 {
                let link = try await RawClient.connect(port: node.port)
                try await link.send(PeerProtocol.request(to: testAddress))
                #expect(await link.received("\r\n\r\n").contains("101 Switching"))
                var part = ByteBuffer(integer: UInt32(10_000))
                part.writeRepeatingByte(0, count: 400)
                try await link.channel.writeAndFlush(part)
                links.append(link)
            }
            #expect(await eventually { links.contains { $0.inbox.isClosed } })
            for link in links { await link.close() }
            #expect(try await eventually { try await node.value { $0.core.connections.frames.bytes } == 0 })
        }
    }

    // MARK: TLS

    @Test func nodesWithCertificatesOfTheirAuthorityHearEachOther() async throws {
        let cluster = try SecureCluster()
        try cluster.pair("one")
        try cluster.pair("two")
        for withSecret in [false, true] {
            try await SecureCluster.withTwo(
                accepter: .changed {
                    cluster.tls("one", &$0)
                    if withSecret { cluster.secret(&$0) }
                },
                dialler: .changed {
                    cluster.tls("two", &$0)
                    if withSecret { cluster.secret(&$0) }
                }
            ) { (one, two) async throws in
                #expect(await SecureCluster.arrives(one, two))
                #expect(try await one.value { $0.core.security.state.peers } == (withSecret ? .tlsAndSecret : .tls))
            }
        }
    }

    @Test func aCertificateOfAnotherAuthorityIsRefusedByBoth() async throws {
        let (cluster, others) = (try SecureCluster(), try SecureCluster())
        try cluster.pair("one")
        try others.pair("two")
        try await SecureCluster.withTwo(
            accepter: .changed { cluster.tls("one", &$0) }, dialler: .changed { others.tls("two", &$0) }
        ) {
            let (here, there) = try await SecureCluster.refusals($0, $1)
            #expect(
                here.contains("got no connection by TLS: it does not take this node's certificate"),
                "\(here)")
            #expect(there.contains("of no authority that is trusted here"), "\(there)")
            for words in [here, there] { #expect(words.contains("'shardtop certs") && words.contains("--tls-ca")) }
        }
    }

    /// It trusts the authority of the other, and shows a certificate of its own.
    @Test func aStrangerThatTrustsTheClusterIsRefused() async throws {
        let cluster = try SecureCluster()
        try cluster.pair("one")
        try cluster.pair("two", authority: try PaperAuthority("another"))
        try await SecureCluster.withTwo(
            accepter: .changed { cluster.tls("one", &$0) }, dialler: .changed { cluster.tls("two", &$0) }
        ) {
            let (here, there) = try await SecureCluster.refusals($0, $1)
            #expect(here.contains("of no authority that is trusted here"), "\(here)")
            #expect(there.contains("it does not take this node's certificate"), "\(there)")
        }
    }

    @Test func theCertificateOfAnotherHostIsRefusedByWhoeverMeetsIt() async throws {
        let cluster = try SecureCluster()
        try cluster.pair("one")
        try cluster.pair("two", hosts: ["other.example"], addresses: ["10.0.0.9"])
        // The dialler's own name is not in it: a node would not start so, where its address were of that host.
        try await SecureCluster.withTwo(
            accepter: .changed { cluster.tls("one", &$0) },
            dialler: .changed {
                cluster.tls("two", &$0)
                $0.socketAddress = .init(name: "SOCKET_ADDRESS", text: "10.0.0.9:8082")
                $0.view = .init(name: "VIEW", text: "127.0.0.1:8081,10.0.0.9:8082")
                $0.listenHost = "127.0.0.1"
            }
        ) { (accepter, dialler) async throws in
            // It speaks for its own host.
            let other = NodeAddress("10.0.0.9:8082")!
            #expect(
                await eventually {
                    dialler.record.direct(.send(SecureCluster.message(from: other), to: SecureCluster.accepter))
                    return accepter.record.value.messages.contains { $0.from == other }
                })
            // And for no other.
            dialler.record.direct(.send(SecureCluster.message(), to: SecureCluster.accepter))
            #expect(try await eventually { try await accepter.value { $0.core.security.state.refusedLinks } > 0 })
            #expect(!accepter.record.value.messages.contains { $0.from == SecureCluster.dialler })
        }
        let names = try #require(try Self.names(cluster.path("two.pem")))
        #expect(names.names(host: "OTHER.example") && names.names(host: "10.0.0.9"))
        #expect(!names.names(host: "127.0.0.1") && !names.names(host: "x.other.example") && names.commonName == "two")
    }

    @Test func theDiallerRefusesWhoIsNotWhomItDialled() async throws {
        let meant = NodeAddress("10.0.0.9:8081")!
        let cluster = try SecureCluster()
        try cluster.pair("one")
        try cluster.pair("two")
        try await SecureCluster.withTwo(
            accepter: .changed { cluster.tls("one", &$0) },
            dialler: .changed {
                cluster.tls("two", &$0)
                $0.view = .init(name: "VIEW", text: "127.0.0.1:8082,10.0.0.9:8081")
            }, meant: meant
        ) { (accepter, dialler) async throws in
            #expect(
                try await eventually {
                    dialler.record.direct(.send(SecureCluster.message(), to: meant))
                    return try await dialler.value { $0.core.security.state.refusedByPeers } > 0
                })
            #expect(
                try await SecureCluster.words(dialler).contains(
                    "No link to 10.0.0.9:8081: the certificate that it shows does not name 10.0.0.9"))
            #expect(accepter.record.value.messages.isEmpty)
        }
    }

    @Test func whoSpeaksPlainIsRefusedByANodeWithTLS() async throws {
        let cluster = try SecureCluster()
        try cluster.pair("one")
        try await SecureCluster.withTwo(accepter: .changed { cluster.tls("one", &$0) }) {
            let (here, there) = try await SecureCluster.refusals($0, $1)
            #expect(here.contains("127.0.0.1 is not let in as a peer: it speaks no TLS"), "\(here)")
            #expect(there.contains("This port speaks HTTPS; ask with https://"), "\(there)")
            for words in [here, there] {
                #expect(words.contains("with --tls-cert, --tls-key and --tls-ca"), "\(words)")
            }
        }
    }

    // MARK: From open to closed

    @Test func duringTheChangeOpenAndClosedNodesHearEachOther() async throws {
        let cluster = try SecureCluster()
        try cluster.pair("one")
        try cluster.pair("two")
        func closing(_ name: String, _ settings: inout NodeSettings) {
            cluster.tls(name, &settings)
            cluster.secret(&settings)
            settings.acceptsOpenPeers = true
        }
        try await SecureCluster.withTwo(accepter: .changed { closing("one", &$0) }) { one, two in
            #expect(await SecureCluster.arrives(one, two), "open to changing")
            let state = try await one.value { $0.core.security.state }
            #expect(state.acceptsOpenPeers && state.weaknesses.contains { $0.contains("--accept-open-peers") })
        }
        try await SecureCluster.withTwo(dialler: .changed { closing("two", &$0) }) {
            #expect(await SecureCluster.arrives($0, $1), "changing to open")
        }
        try await SecureCluster.withTwo(
            accepter: .changed { closing("one", &$0) }, dialler: .changed { closing("two", &$0) }
        ) {
            #expect(await SecureCluster.arrives($0, $1), "changing to changing")
        }
        try await SecureCluster.withTwo(
            accepter: .changed { closing("one", &$0) },
            dialler: .changed {
                closing("two", &$0)
                $0.acceptsOpenPeers = false
            }
        ) { #expect(await SecureCluster.arrives($0, $1), "closed to changing") }
        try await SecureCluster.withTwo(
            accepter: .changed {
                closing("one", &$0)
                $0.acceptsOpenPeers = false
            },
            dialler: .changed { closing("two", &$0) }
        ) { #expect(await SecureCluster.arrives($0, $1), "changing to closed") }
    }

    static func names(_ path: String) throws -> CertificateNames? {
        try NIOSSLCertificate.fromPEMFile(path).first.flatMap { CertificateNames($0) }
    }
}
