import ShardCore
import ShardSim
import Synchronization

/// Sends nodes requests with faults everywhere: in the bytes of HTTP, in JSON, in paths, in contexts.
final class HTTPNoise: Sendable {
    struct Counts: Sendable {
        var requests = 0
        var byStatus: [Int: Int] = [:]
        /// Answers that a node must never give.
        var wrong: [String] = []
    }

    private let counted = Mutex(Counts())
    private static let wrongMax = 20

    var counts: Counts { counted.withLock { $0 } }

    /// Keys that no other client uses.
    private static let targets = [
        "/kvs/noise", "/key-value-store/noise", "/kvs/%ff%00", "/view", "/shard/ids", "/shard/members/0",
        "/shard/key-count/99999999999", "/shardnode/v1/state", "/shardnode/v1/reshard/plan?shard-count=2",
        "/shardnode/v1/events?after=18446744073709551616", "/shardnode/v1/keys/noise", "/shardnode/v1/health",
        "/metrics",
        "/shardnode/v1/reshard/step", "/shardnode/v1/faults", "/",
    ]
    private static let bodies = [
        #"{"value":1}"#, #"{"value":{"a":[1,2,{"b":null}]},"causal-metadata":""}"#, #"{"causal-metadata":"CONTEXT"}"#,
        #"{"value":"x","causal-metadata":"CONTEXT"}"#, #"{"socket-address":"999.1.1.1:0"}"#, #"{"shard-count":-1}"#,
        #"{"shard-count":1e400}"#, #"{"step":"sideways"}"#, #"{"value":"\ud800"}"#, "",
    ]

    /// Sends requests until the task is cancelled.
    func make(at node: NodeAddress, seed: UInt64) async {
        var random = SeededRandom(seed: seed)
        var context = ""
        while !Task.isCancelled {
            guard let socket = try? await RawSocket.open(to: node) else {
                try? await Task.sleep(for: .milliseconds(20))
                continue
            }
            if let fresh = await Self.context(socket) { context = fresh }
            await socket.send(Self.request(context, &random))
            let answer = await socket.received(within: .milliseconds(200)) { text in
                text.split(separator: "HTTP/1.1 ").count > 1
            }
            judge(answer, at: node)
            await socket.close()
        }
    }

    /// A context that the node gives.
    private static func context(_ socket: RawSocket) async -> String? {
        await socket.send(Array("GET /kvs/noise HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        let answer = await socket.received(within: .seconds(1)) { $0.hasSuffix("}") }
        guard let begin = answer.firstRange(of: #""causal-metadata":""#)?.upperBound,
            let end = answer[begin...].firstIndex(of: "\"")
        else { return nil }
        return String(answer[begin..<end])
    }

    private func judge(_ answer: String, at node: NodeAddress) {
        let statuses = answer.split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
        counted.withLock { counts in
            counts.requests += 1
            for status in statuses {
                counts.byStatus[status, default: 0] += 1
                if status == 500, counts.wrong.count < Self.wrongMax {
                    counts.wrong.append("\(node) answered 500: \(answer.prefix(200))")
                }
            }
        }
    }

    // MARK: Wrong requests

    private static func request(_ context: String, _ random: inout SeededRandom) -> [UInt8] {
        let method = ["GET", "PUT", "DELETE", "HEAD", "POST", "PRI"].randomElement(using: &random) ?? "GET"
        let target = targets.randomElement(using: &random) ?? "/"
        let told =
            Bool.random(using: &random)
            ? context : String(decoding: spoilt(Array(context.utf8), &random), as: UTF8.self)
        var body = Array((bodies.randomElement(using: &random) ?? "").replacing("CONTEXT", with: told).utf8)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: body = spoilt(body, &random)
        case 1: body = [UInt8](repeating: 0x5B, count: 50_000) + body
        case 2: body = Array(#"{"value":"#.utf8) + [UInt8](repeating: 0x39, count: 5_000) + [0x7D]
        default: break
        }
        let length =
            Int.random(in: 0..<8, using: &random) == 0
            ? "\(UInt64.random(in: 0 ... .max, using: &random))" : "\(body.count)"
        var head = "\(method) \(target) HTTP/1.1\r\nHost: x\r\n"
        switch Int.random(in: 0..<6, using: &random) {
        case 0: head += "Transfer-Encoding: chunked\r\n"
        case 1:
            head +=
                "Authorization: Bearer \(String(repeating: "a", count: Int.random(in: 0...600, using: &random)))\r\n"
        default: head += "Content-Length: \(length)\r\n"
        }
        let whole = Array((head + "\r\n").utf8) + body
        return Int.random(in: 0..<3, using: &random) == 0 ? spoilt(whole, &random) : whole
    }

    /// The same bytes with one to eight mistakes.
    private static func spoilt(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...16, using: &random)))
            case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 64)], at: place)
            default: bytes.insert(contentsOf: [0x0D, 0x0A], at: place)
            }
        }
        return bytes
    }
}
