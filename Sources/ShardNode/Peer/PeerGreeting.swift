import ClusterSecurity
import ShardCore

/// The dialler's side of opening a link: its request, and its verdict on the answer. A value without a socket.
struct PeerGreeting {
    enum Verdict: Equatable {
        /// Part of the answer is missing.
        case incomplete
        /// The link is open; `proof` goes before its first frame.
        case open(proof: [UInt8])
        /// The peer refused, for the reason in words.
        case refused(String)
    }

    private let own: NodeAddress
    private let peer: NodeAddress
    private let secret: ClusterSecret?
    private let acceptsOpenPeers: Bool
    private let isClosed: Bool
    private let nonce: [UInt8]

    init(own: NodeAddress, peer: NodeAddress, secret: ClusterSecret?, isClosed: Bool, acceptsOpenPeers: Bool) {
        self.own = own
        self.peer = peer
        self.secret = secret
        self.isClosed = isClosed
        self.acceptsOpenPeers = acceptsOpenPeers
        nonce = secret == nil ? [] : PeerProof.nonce()
    }

    var request: String {
        var headers = ""
        if isClosed { headers += "\(PeerProtocol.fromHeader): \(own)\r\n" }
        if secret != nil { headers += "\(PeerProtocol.nonceHeader): \(Hexadecimal.text(nonce))\r\n" }
        return PeerProtocol.request(to: peer, headers)
    }

    /// - Parameter hasEnded: true if nothing more comes.
    func verdict(_ answer: String, hasEnded: Bool = false) -> Verdict {
        guard let end = answer.range(of: "\r\n\r\n") else {
            return hasEnded ? .refused("the connection was closed") : .incomplete
        }
        let lines = answer[..<end.lowerBound].split(separator: "\r\n", omittingEmptySubsequences: false)
        guard answer.hasPrefix(PeerProtocol.acceptancePrefix) else {
            let body = answer[end.upperBound...]
            guard hasEnded || body.hasSuffix("}") else { return .incomplete }
            return .refused("the peer refuses the link: \(Self.reason(lines.first ?? "", body))")
        }
        guard end.upperBound == answer.endIndex else { return .refused("unexpected data from the peer") }
        return accepted(lines.dropFirst())
    }

    private func accepted(_ headers: ArraySlice<Substring>) -> Verdict {
        guard let secret else { return .open(proof: []) }
        func value(_ name: String, _ count: Int) -> [UInt8]? {
            let prefix = "\(name): ".lowercased()
            return headers.first { $0.lowercased().hasPrefix(prefix) }
                .flatMap { Hexadecimal.bytes($0.dropFirst(prefix.count), count: count) }
        }
        guard let accepterNonce = value(PeerProtocol.nonceHeader, PeerProof.nonceBytes),
            let proof = value(PeerProtocol.proofHeader, PeerProof.bytes)
        else {
            return acceptsOpenPeers
                ? .open(proof: [])
                : .refused(
                    "the peer does not prove that it knows the cluster's secret; give it the same "
                        + "--cluster-secret-file")
        }
        func expected(_ end: PeerProof.End) -> PeerProof {
            PeerProof(
                of: end, diallerNonce: nonce, accepterNonce: accepterNonce, dialler: own.description,
                accepter: peer.description)
        }
        guard expected(.accepter).isRight(proof, for: secret) || acceptsOpenPeers else {
            return .refused(
                "the peer's cluster secret is another one, or it goes by another address than \(peer); give both the same "
                    + "--cluster-secret-file")
        }
        return .open(proof: expected(.dialler).made(with: secret))
    }

    /// The reason that an HTTP answer gives: its `error` if it has one, else its first line.
    private static func reason(_ statusLine: Substring, _ body: Substring) -> String {
        guard let begin = body.range(of: #""error":""#)?.upperBound,
            let end = body[begin...].range(of: #""}"#)?.lowerBound
        else { return printable(statusLine) }
        return printable(body[begin..<end])
    }

    private static let wordsMax = 300

    private static func printable(_ text: Substring) -> String {
        String(text.unicodeScalars.prefix(wordsMax).filter { (0x20...0x7E).contains($0.value) }.map(Character.init))
    }
}
