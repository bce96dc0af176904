import Foundation
import ShardCore
import ShardWire

/// Finds out what listens at an address.
public struct NodeProbe: Sendable {
    static let statePath = "/shardnode/v1/state"

    private let transport: NodeTransport

    public init(transport: NodeTransport) { self.transport = transport }

    /// Identifies what listens there, as far as its answers within the time-out tell.
    public func identify(_ node: NodeAddress, timeoutMilliseconds: UInt64) async -> NodeIdentity {
        await probe(node, timeoutMilliseconds: timeoutMilliseconds).identity
    }

    /// Asks for the state of a shardnode and for the view in both families side by side, so that a slow node is
    /// waited for once.
    ///
    /// A node that opened its port between two of the requests, or was too busy for one of them, may be a shardnode all
    /// the same. So it is asked for its state again, and if that fails too, the identity is not certain.
    func probe(
        _ node: NodeAddress, timeoutMilliseconds: UInt64
    ) async -> (identity: NodeIdentity, isCertain: Bool) {
        async let firstState = ask(Self.statePath, node, timeoutMilliseconds)
        async let shortView = ask(Endpoints(family: .short).view, node, timeoutMilliseconds)
        async let longView = ask(Endpoints(family: .long).view, node, timeoutMilliseconds)
        let views = (short: await shortView, long: await longView)
        var state = await firstState
        if case .failure = state, Self.hasView(views.short) || Self.hasView(views.long) {
            state = await ask(Self.statePath, node, timeoutMilliseconds)
        }
        let isCertain = if case .success = state { true } else { false }
        return (Self.judge(state: state, shortView: views.short, longView: views.long), isCertain)
    }

    private func ask(
        _ path: String, _ node: NodeAddress, _ timeoutMilliseconds: UInt64
    ) async -> Result<NodeResponse, TransportError> {
        do throws(TransportError) {
            return .success(try await transport.read(path, of: node, timeoutMilliseconds: timeoutMilliseconds))
        } catch {
            return .failure(error)
        }
    }

    /// True if a node answers that it wants a token; nil if it does not answer.
    public func wantsToken(_ node: NodeAddress, timeoutMilliseconds: UInt64) async -> Bool? {
        guard case .success(let response) = await ask(Self.statePath, node, timeoutMilliseconds) else { return nil }
        return response.status == 401
    }

    typealias Answer = Result<NodeResponse, TransportError>

    static func judge(state: Answer, shortView: Answer, longView: Answer) -> NodeIdentity {
        if case .success(let response) = state, response.status == 200, isNodeState(response) { return .shardnode }
        if hasView(shortView) { return .basic(.short) }
        if hasView(longView) { return .basic(.long) }
        for case .success(let response) in [state, shortView, longView] {
            let words = ClientError.notPermitted(status: response.status, reason: response.message ?? "")
            if let words { return .refuses(words) }
            if response.status == 400, response.message?.contains("https://") == true {
                return .nobody(.noSecureConnection("answers \(response.words)"))
            }
        }
        for case .success(let response) in [state, shortView, longView] where response.status == 421 {
            return .other("answers \(response.words)")
        }
        // Either path may be the node's: where one was not answered, this program may have had no file for it.
        if case .success(let response) = shortView, case .success = longView {
            return .other("speaks HTTP, but not this API: \(response.words) on \(Endpoints(family: .short).view)")
        }
        for case .failure(let error) in [state, shortView, longView] {
            if case .notHTTP = error { return .other(error.description) }
        }
        for case .failure(let error) in [shortView, longView] { return .nobody(error) }
        return .nobody(.closed("no answer"))
    }

    /// True for an answer with the format's number and a replica, which is meant to be a state. Whether the state can
    /// be read shows when it is read, and is reported then.
    private static func isNodeState(_ response: NodeResponse) -> Bool {
        guard let members = response.members else { return false }
        return members["format"]?.countValue != nil && members["replica"] != nil
    }

    private static func hasView(_ answer: Answer) -> Bool {
        guard case .success(let response) = answer, response.status == 200 else { return false }
        return response.members?["view"]?.addresses(limit: 1) != nil
    }
}
