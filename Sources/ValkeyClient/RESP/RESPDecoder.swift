/// Makes replies of a stream of bytes, wherever the stream is cut. Reads RESP2 and RESP3.
///
/// It holds no more than `limits` allow and what was appended since, and looks at each byte a fixed number of times. After
/// a fault it gives the same fault for ever.
public struct RESPDecoder: Sendable {
    /// May change between two replies.
    var limits: RESPLimits
    private var input = RESPInput()
    /// Lists whose end has not come yet, the outermost first.
    private var open: [OpenList] = []
    /// Of the reply under way.
    private var elements = 0
    private var bytes = 0
    private var fault: RESPFault?
    /// A text whose header was read.
    private var awaited: AwaitedText?

    public init(limits: RESPLimits = RESPLimits()) {
        self.limits = limits
    }

    /// Adds what came. Take all replies with ``next()`` before the next call, so that no more waits than must.
    public mutating func append(_ bytes: some Sequence<UInt8>) {
        if fault == nil { input.append(bytes) }
    }

    /// Bytes of a reply came whose end has not come.
    public var isWithinReply: Bool { !open.isEmpty || awaited != nil || !input.isEmpty }

    /// The next reply; nil if more bytes are needed.
    public mutating func next() throws(RESPFault) -> RESPValue? {
        if let fault { throw fault }
        do throws(RESPFault) {
            while true {
                guard let step = try step() else { return nil }
                if let reply = try add(step) {
                    elements = 0
                    bytes = 0
                    return reply
                }
            }
        } catch {
            fault = error
            input = RESPInput()
            open = []
            throw error
        }
    }

    /// One header with its text.
    enum Step {
        case value(RESPValue)
        case list(RESPListKind, count: Int)
    }

    private mutating func step() throws(RESPFault) -> Step? {
        if let awaited {
            guard let text = try text(awaited) else { return nil }
            self.awaited = nil
            return .value(text)
        }
        guard let type = input.first else { return nil }
        guard let line = try line(of: type) else { return nil }
        switch type {
        case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"):
            guard let length = try RESPLine.count(line, of: "text") else { return .value(.null) }
            guard length <= limits.bulkBytesMax else {
                throw .tooLarge("a text of \(length) bytes; \(limits.bulkBytesMax) are read at most")
            }
            awaited = AwaitedText(type: type, length: length)
            return try step()
        case let type where RESPListKind(type: type) != nil:
            guard let kind = RESPListKind(type: type), let count = try RESPLine.count(line, of: "list") else {
                return .value(.null)
            }
            return .list(kind, count: count)
        default:
            return .value(try RESPLine.value(type: type, line: line))
        }
    }

    private mutating func line(of type: UInt8) throws(RESPFault) -> ArraySlice<UInt8>? {
        guard RESPLine.mayBegin(type) else { throw .notAReply(type) }
        let isHeader = RESPLine.isShort(type)
        let most = isHeader ? RESPLine.headerBytesMax : limits.lineBytesMax
        guard let line = try input.line(bytesMax: most) else { return nil }
        try count(bytes: line.count + 2)
        return line.dropFirst()
    }

    private mutating func text(_ awaited: AwaitedText) throws(RESPFault) -> RESPValue? {
        guard let text = try input.text(length: awaited.length) else { return nil }
        try count(bytes: awaited.length + 2)
        return try RESPLine.text(type: awaited.type, text)
    }

    private mutating func count(bytes more: Int) throws(RESPFault) {
        bytes += more
        guard bytes <= limits.replyBytesMax else {
            throw .tooLarge("a reply of more than \(limits.replyBytesMax) bytes")
        }
    }

    /// Puts a value where it belongs.
    ///
    /// - Returns: the reply, where that is whole now.
    private mutating func add(_ step: Step) throws(RESPFault) -> RESPValue? {
        var value: RESPValue
        switch step {
        case .value(let plain): value = plain
        case .list(let kind, let count):
            guard open.count < limits.depthMax else { throw .tooLarge("lists nested deeper than \(limits.depthMax)") }
            guard kind != .push || open.isEmpty else { throw .malformed("a push within a reply") }
            guard count <= (limits.elementsMax - elements) / kind.elementsPerCount else {
                throw .tooLarge("a reply of more than \(limits.elementsMax) elements")
            }
            let list = OpenList(kind: kind, count: count * kind.elementsPerCount)
            elements += list.missing
            guard list.missing == 0 else {
                open.append(list)
                return nil
            }
            // An attribute describes the value after it; nobody here wants to know.
            guard let empty = list.value else { return nil }
            value = empty
        }
        while let last = open.indices.last {
            open[last].add(value)
            guard open[last].missing == 0 else { return nil }
            let whole = open.removeLast()
            guard let list = whole.value else { return nil }
            value = list
        }
        return value
    }
}

/// A text whose length is known and whose bytes have not all come.
private struct AwaitedText {
    let type: UInt8
    let length: Int
}

/// A list some of whose elements are still to come.
private struct OpenList {
    let kind: RESPListKind
    /// Elements that are still to come.
    private(set) var missing: Int
    private var elements: [RESPValue] = []

    init(kind: RESPListKind, count: Int) {
        self.kind = kind
        missing = count
        // A count that is claimed costs nothing: room is made for the elements that come.
        elements.reserveCapacity(min(count, 64))
    }

    mutating func add(_ value: RESPValue) {
        elements.append(value)
        missing -= 1
    }

    /// Nil for an attribute.
    var value: RESPValue? {
        switch kind {
        case .array: .array(elements)
        case .set: .set(elements)
        case .push: .push(elements)
        case .map:
            .map(
                stride(from: 0, to: elements.count, by: 2).map { RESPValue.Entry(elements[$0], elements[$0 + 1]) })
        case .attribute: nil
        }
    }
}
