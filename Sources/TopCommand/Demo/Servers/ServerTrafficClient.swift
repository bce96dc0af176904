import ValkeyClient

/// A client of the traffic of a demo of servers.
struct ServerTrafficClient: RequestingClient {
    /// Far longer than a demo lasts: its keys are counted.
    private static let secondsToLive = 30 * 86_400

    private let store: KeyClient
    private var client: KeyTrafficClient

    init(number: Int, prefix: String, store: KeyClient) {
        self.store = store
        client = KeyTrafficClient(
            number: number, of: TrafficRun.clients, prefix: prefix, secondsToLive: Self.secondsToLive)
    }

    var number: Int { client.number }

    mutating func operate() async -> String?? {
        switch await client.operate(store) {
        case .fine: .some(nil)
        case .failed(_, let words), .wrong(let words), .lostInFailover(let words): .some(words)
        case .stopped: nil
        }
    }
}
