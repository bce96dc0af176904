import ClusterSecurity
import ShardCore

/// The claims of a peer that opens a link: its address, and the nonce for which it wants a proof.
struct PeerHello {
    var from: String?
    var nonce: String?
}

/// The way in which a link that a peer opened is let in.
enum PeerAdmission {
    /// The peer may speak for any node that it names.
    case open
    /// The peer speaks for that node alone.
    case bound(NodeAddress)
    /// As ``bound``, once it has proven that it knows the cluster's secret.
    case proving(NodeAddress, Challenge)

    /// The peer that the link is bound to; nil if it may speak for anyone.
    var peer: NodeAddress? {
        switch self {
        case .open: nil
        case .bound(let peer): peer
        case .proving(let peer, let challenge): challenge.isRequired ? peer : nil
        }
    }

    /// The answer to its upgrade.
    var answer: String {
        if case .proving(_, let challenge) = self { return PeerProtocol.acceptance(challenge.headers) }
        return PeerProtocol.acceptance
    }

    /// True if the link may carry a message of that node.
    func lets(_ sender: NodeAddress) -> Bool { peer.map { $0 == sender } ?? true }

    struct Challenge {
        let secret: ClusterSecret
        /// The proof that the dialler has to send first.
        let proof: PeerProof
        /// The headers of the answer to the upgrade: this end's nonce, and its proof.
        let headers: String
        /// False if the peer is let in without the proof, during a change from open to closed.
        let isRequired: Bool
    }
}

extension NodeSecurity {
    /// Decides how to let a peer's link in, or throws the refusal.
    ///
    /// - Parameters:
    ///   - certificate: the names in the certificate that the peer showed.
    ///   - remote: the address that the connection comes from, for messages.
    func admit(
        _ hello: PeerHello, certificate: CertificateNames?, remote: String
    ) throws(HeadRefusal) -> PeerAdmission {
        guard isPeersClosed else { return .open }
        do throws(HeadRefusal) {
            return try admission(hello, certificate)
        } catch {
            if files.acceptsOpenPeers { return .open }
            refusedLink(hello.from.flatMap { NodeAddress($0)?.description } ?? remote, error.error)
            throw error
        }
    }

    private func admission(
        _ hello: PeerHello, _ certificate: CertificateNames?
    ) throws(HeadRefusal) -> PeerAdmission {
        guard let from = hello.from.flatMap({ NodeAddress($0) }) else {
            throw HeadRefusal(
                403, "This cluster is closed, and the peer does not say who it is; start it with \(wanted)")
        }
        guard from != address else {
            throw HeadRefusal(
                403, "The peer says that it is this node itself; give each node an address of its own")
        }
        if contents.tls != nil {
            guard let certificate else {
                throw HeadRefusal(403, "Peers must show a certificate here; start the node with \(wanted)")
            }
            guard certificate.names(host: from.host) else {
                throw HeadRefusal(
                    403,
                    "The certificate that the peer showed does not name \(from.host); give each node one of its own, with "
                        + "'shardtop certs node'")
            }
        }
        guard let secret = contents.secret else { return .bound(from) }
        guard let nonce = hello.nonce.flatMap({ Hexadecimal.bytes($0, count: PeerProof.nonceBytes) }) else {
            throw HeadRefusal(403, "Peers must prove the cluster's secret here; start the node with \(wanted)")
        }
        return .proving(from, challenge(secret, from: from, nonce: nonce))
    }

    private func challenge(_ secret: ClusterSecret, from: NodeAddress, nonce: [UInt8]) -> PeerAdmission.Challenge {
        let own = PeerProof.nonce()
        func proof(_ end: PeerProof.End) -> PeerProof {
            PeerProof(
                of: end, diallerNonce: nonce, accepterNonce: own, dialler: from.description,
                accepter: address.description)
        }
        let made = proof(.accepter).made(with: secret)
        return PeerAdmission.Challenge(
            secret: secret, proof: proof(.dialler),
            headers:
                "\(PeerProtocol.nonceHeader): \(Hexadecimal.text(own))\r\n"
                + "\(PeerProtocol.proofHeader): \(Hexadecimal.text(made))\r\n",
            isRequired: !files.acceptsOpenPeers)
    }

    func greeting(to peer: NodeAddress) -> PeerGreeting {
        PeerGreeting(
            own: address, peer: peer, secret: contents.secret, isClosed: isPeersClosed,
            acceptsOpenPeers: files.acceptsOpenPeers)
    }

    /// The flags that a node of this cluster needs.
    private var wanted: String {
        [
            contents.tls == nil ? nil : TLSWords.flags,
            contents.secret == nil ? nil : "--cluster-secret-file",
        ].compactMap { $0 }.joined(separator: ", and ")
    }
}
