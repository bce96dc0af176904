import ClusterSecurity
import Foundation
import NIOCore
import NIOPosix
import ShardCore
import ShardWire
import Wording

/// Decides whom a node lets in, by what its files say, and notes whom it refused. Lives on the node's loop.
final class NodeSecurity {
    /// The contents of the files, with the watch that looks whether they changed.
    struct Contents: Sendable {
        fileprivate(set) var tokens: TokenFile?
        fileprivate(set) var tls: TLSIdentity?
        fileprivate(set) var secret: ClusterSecret?
        fileprivate var watch: Watch

        /// - Throws: the file at fault and what is wrong with it. Waits for the file system.
        static func read(_ files: SecurityFiles, for address: NodeAddress) throws(SecurityProblem) -> Contents {
            var contents = Contents(watch: Watch(files, address: address))
            if let path = files.clusterSecret { contents.secret = try SecurityReading.clusterSecret(path) }
            let found = contents.watch.look()
            if let problem = found.problem { throw SecurityProblem(problem) }
            contents.tokens = found.tokens
            contents.tls = found.tls
            return contents
        }

        static func none(_ address: NodeAddress) -> Contents {
            Contents(watch: Watch(SecurityFiles(), address: address))
        }
    }

    /// A pair of files that changes in two steps is unusable for a moment; so a problem is told only if two looks find
    /// it.
    private static let looksBeforeTold = 2
    private static let toldMax = 1_000

    let address: NodeAddress
    let files: SecurityFiles
    private(set) var contents: Contents
    private(set) var counts = Counts()
    private var problem: (text: String, looks: Int)?
    private var isLooking = false
    private var nextLook: UInt64 = 0
    private var told: Set<String> = []
    /// The peers that this node has no link to, each with the reason: it refused the last one, or was refused here.
    private var unlinked: [NodeAddress: String] = [:]
    /// Called with what operators should know.
    var onNotice: ((Occurrence.Kind, NodeAddress, String) -> Void)?

    struct Counts {
        var refusedLinks: UInt64 = 0
        var refusedByPeers: UInt64 = 0
        var refusedRequests: UInt64 = 0
    }

    init(address: NodeAddress, files: SecurityFiles = SecurityFiles(), contents: Contents? = nil) {
        self.address = address
        self.files = files
        self.contents = contents ?? .none(address)
    }

    var isPeersClosed: Bool { contents.tls != nil || contents.secret != nil }

    // MARK: Files that change

    private static let lookMicroseconds: UInt64 = 1_000_000

    func tick(nowMicroseconds: UInt64, on eventLoop: any EventLoop) {
        guard files.isWatched, nowMicroseconds >= nextLook else { return }
        nextLook = nowMicroseconds + Self.lookMicroseconds
        look(on: eventLoop)
    }

    /// Reads the files that changed, on a thread that may wait, and takes over their contents.
    ///
    /// - Parameter isAsked: true if an operator waits for it, who is told at once which files cannot be used.
    func look(on eventLoop: any EventLoop, isAsked: Bool = false) {
        guard files.isWatched, isAsked || !isLooking else { return }
        isLooking = true
        let watch = contents.watch
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let looked = NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            var watch = watch
            let found = watch.look()
            return (watch, found)
        }
        looked.whenComplete { result in
            let security = bound.value
            security.isLooking = false
            guard case .success(let (watch, found)) = result else { return }
            security.contents.watch = watch
            security.take(found, isAsked: isAsked)
        }
    }

    private func take(_ found: Watch.Found, isAsked: Bool) {
        if let tokens = found.tokens {
            contents.tokens = tokens
            onNotice?(.notice, address, "The token file changed and is in force")
        }
        if let tls = found.tls {
            contents.tls = tls
            onNotice?(.notice, address, "The certificate changed; new connections get the new one")
        }
        guard let text = found.problem else {
            problem = nil
            return
        }
        let looks = problem?.text == text ? (problem?.looks ?? 0) + 1 : 1
        let isNew = looks == Self.looksBeforeTold || isAsked && looks < Self.looksBeforeTold
        problem = (text, isAsked ? max(looks, Self.looksBeforeTold) : looks)
        if isNew { onNotice?(.warning, address, "Changed files are not in force, and the old ones stay: \(text)") }
    }

    // MARK: Refusals

    /// - Parameter peer: the name that it gives, or the address that it comes from.
    func refusedLink(_ peer: String, _ reason: String) {
        counts.refusedLinks += 1
        tellOnce("\(peer) is not let in as a peer: \(reason)", about: NodeAddress(peer))
    }

    func refusedByPeer(_ peer: NodeAddress, _ reason: String) {
        counts.refusedByPeers += 1
        unlinked[peer] = reason
        tellOnce("No link to \(peer): \(reason)", about: peer)
    }

    /// Notes that a link to the peer is open.
    func linked(_ peer: NodeAddress) { unlinked[peer] = nil }

    /// The first peer that this node has no link to, with the reason, in words; nil if none is refused.
    var unlinkedWords: String? {
        guard let (peer, reason) = unlinked.min(by: { $0.key < $1.key }) else { return nil }
        let others = unlinked.count > 1 ? " (and to \(Plural.words(unlinked.count - 1, "more node")))" : ""
        return "it has no link to \(peer)\(others): \(reason)"
    }

    /// Notes a refused handshake, of a client or a peer: which of them is not known before TLS is spoken.
    func refusedHandshake(_ remote: String, _ reason: String) {
        counts.refusedLinks += 1
        tellOnce("\(remote) got no connection by TLS: \(reason)", about: nil)
    }

    func refusedRequest() { counts.refusedRequests += 1 }

    private func tellOnce(_ text: String, about node: NodeAddress?) {
        guard told.count < Self.toldMax, told.insert(text).inserted else { return }
        onNotice?(.warning, node ?? address, text)
    }

    // MARK: State

    var state: SecurityState {
        let peers: SecurityState.Peers =
            switch (contents.tls != nil, contents.secret != nil) {
            case (true, true): .tlsAndSecret
            case (true, false): .tls
            case (false, true): .secret
            case (false, false): .open
            }
        var state = SecurityState(
            peers: peers, clients: contents.tokens == nil ? .open : .tokens,
            transport: contents.tls == nil ? .plain : .tls, acceptsOpenPeers: files.acceptsOpenPeers,
            isLoopback: address.isLoopback, weaknesses: [])
        state.weaknesses = state.weaknessWords
        state.refusedLinks = counts.refusedLinks
        state.refusedByPeers = counts.refusedByPeers
        state.refusedRequests = counts.refusedRequests
        state.certificateEndsMilliseconds = contents.tls.map {
            UInt64(max(0, $0.ends.timeIntervalSince1970) * 1_000)
        }
        if let problem, problem.looks >= Self.looksBeforeTold { state.problem = problem.text }
        return state
    }
}
