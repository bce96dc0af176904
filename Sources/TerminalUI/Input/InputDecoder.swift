/// Makes keys, mouse events, pastes and answers of a terminal's bytes, however the reads cut them.
///
/// Pure: the caller reads, and calls ``flush()`` when nothing came for ``patienceMilliseconds``, since only time tells
/// the escape key from the beginning of a sequence.
struct InputDecoder {
    /// No key's, mouse's or answer's sequence is longer.
    static let sequenceBytesMax = 256
    private static let escape: UInt8 = 0x1B
    private static let pasteEnd: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]

    private let keys: KeySequences
    private var pending: [UInt8] = []
    private var paste: PasteInProgress?

    private struct PasteInProgress {
        var bytes: [UInt8] = []
        var dropped = 0

        mutating func add(_ more: some Collection<UInt8>) {
            let kept = more.prefix(Paste.bytesMax - bytes.count)
            bytes += kept
            dropped += more.count - kept.count
        }
    }

    private enum Step {
        case incomplete
        case done(Int, [TerminalInput])
    }

    init(keys: KeySequences = KeySequences()) { self.keys = keys }

    /// True while the terminal may answer a question: then an escape is more likely to begin that than to be the key.
    var isAnswerAwaited = false

    /// How long to wait for the rest of what has begun; nil if nothing has.
    var patienceMilliseconds: Int? {
        if paste != nil { return 2_000 }
        if pending.isEmpty { return nil }
        // A sequence that has got beyond its introducer was sent by no finger.
        return pending.count > 2 ? 500 : isAnswerAwaited ? 150 : 25
    }

    mutating func take(_ bytes: some Collection<UInt8>) -> [TerminalInput] {
        pending += bytes
        var inputs: [TerminalInput] = []
        var start = 0
        while start < pending.count {
            guard case .done(let count, let found) = step(at: start) else { break }
            start += count
            for input in found where !(input == .unreadable && inputs.last == .unreadable) { inputs.append(input) }
        }
        pending.removeFirst(start)
        return inputs
    }

    /// Nothing more came: an escape was the key, and what else has begun is no more than it looks.
    mutating func flush() -> [TerminalInput] {
        defer { pending = [] }
        if let paste = paste {
            self.paste = nil
            return [.paste(Self.paste(paste, pending))]
        }
        guard pending.first == Self.escape else { return pending.isEmpty ? [] : [.unreadable] }
        guard pending.count <= 2 else { return [] }
        return [.key(.escape)] + pending.dropFirst().flatMap { KeyEvent(byte: $0).map { [.key($0)] } ?? [] }
    }

    private mutating func step(at start: Int) -> Step {
        if paste != nil { return pasteStep(at: start) }
        let byte = pending[start]
        if byte == Self.escape { return escapeStep(at: start) }
        if byte < 0x80 { return .done(1, KeyEvent(byte: byte).map { [.key($0)] } ?? []) }
        return characterStep(at: start)
    }

    // MARK: Text

    private func characterStep(at start: Int) -> Step {
        let length: Int
        switch pending[start] {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return .done(1, [.unreadable])
        }
        let bytes = pending[start...].prefix(length)
        for (offset, byte) in bytes.enumerated().dropFirst() where byte & 0xC0 != 0x80 {
            return .done(offset, [.unreadable])
        }
        guard bytes.count == length else { return .incomplete }
        guard let scalar = String(validating: bytes, as: UTF8.self)?.unicodeScalars.first else {
            return .done(length, [.unreadable])
        }
        // Controls and separators are no text; a mark, a joiner, is.
        return .done(length, scalar.columns == nil ? [] : [.key(.character(Character(scalar)))])
    }

    private mutating func pasteStep(at start: Int) -> Step {
        let rest = pending[start...]
        if let end = rest.firstRange(of: Self.pasteEnd) {
            let whole = Self.paste(paste ?? PasteInProgress(), rest[..<end.lowerBound])
            paste = nil
            return .done(end.upperBound - start, [.paste(whole)])
        }
        // Bytes that may begin the end marker are left until the next ones come.
        let kept = (1..<Self.pasteEnd.count).last { rest.suffix($0).elementsEqual(Self.pasteEnd.prefix($0)) } ?? 0
        guard rest.count > kept else { return .incomplete }
        paste?.add(rest.dropLast(kept))
        return .done(rest.count - kept, [])
    }

    private static func paste(_ paste: PasteInProgress, _ rest: some Collection<UInt8>) -> Paste {
        var paste = paste
        paste.add(rest)
        var bytes = paste.bytes[...]
        // A character that the bound cut is left out whole.
        if paste.dropped > 0 {
            let tail = bytes.suffix(4).lastIndex { $0 & 0xC0 != 0x80 }
            if let tail, String(validating: bytes[tail...], as: UTF8.self) == nil {
                paste.dropped += bytes.endIndex - tail
                bytes = bytes[..<tail]
            }
        }
        return Paste(String(decoding: bytes, as: UTF8.self), bytesDropped: paste.dropped)
    }

    // MARK: Sequences

    private mutating func escapeStep(at start: Int) -> Step {
        let rest = pending[start...]
        if let (count, key) = keys.longest(in: rest) { return .done(count, [.key(key)]) }
        guard rest.count > 1 else { return .incomplete }
        switch rest[start + 1] {
        case UInt8(ascii: "["): return controlStep(rest)
        case UInt8(ascii: "]"): return answerStep(rest)
        case UInt8(ascii: "O"):
            guard rest.count > 2 else { return .incomplete }
            return .done(3, KeySequences.key(afterSingleShift: rest[start + 2]).map { [.key($0)] } ?? [])
        default:
            if keys.isBeginning(rest) { return .incomplete }
            return .done(1, [.key(.escape)])
        }
    }

    /// `ESC [`, parameters, a letter.
    private mutating func controlStep(_ rest: ArraySlice<UInt8>) -> Step {
        let body = rest.dropFirst(2)
        guard let first = body.first else { return .incomplete }
        if first == UInt8(ascii: "[") {
            guard body.count > 1 else { return .incomplete }
            return .done(4, KeySequences.key(ofLinuxConsole: body[body.startIndex + 1]).map { [.key($0)] } ?? [])
        }
        if first == UInt8(ascii: "M") {
            guard body.count > 3 else { return .incomplete }
            return .done(6, MouseEvent(oldReport: Array(body.dropFirst().prefix(3))).map { [.mouse($0)] } ?? [])
        }
        guard let end = body.firstIndex(where: { !(0x20...0x3F).contains($0) }) else {
            return rest.count < Self.sequenceBytesMax ? .incomplete : .done(rest.count, [])
        }
        let length = end - rest.startIndex + 1
        // A byte that no sequence can hold is not part of this one.
        guard (0x40...0x7E).contains(rest[end]) else { return .done(length - 1, []) }
        let parameters = String(decoding: body[..<end], as: UTF8.self)
        return .done(length, meaning(parameters, rest[end]))
    }

    private mutating func meaning(_ parameters: String, _ final: UInt8) -> [TerminalInput] {
        if parameters.hasPrefix("<") {
            return MouseEvent(report: parameters.dropFirst(), isPress: final == UInt8(ascii: "M")).map { [.mouse($0)] }
                ?? []
        }
        if final == UInt8(ascii: "c") { return parameters.hasPrefix("?") ? [.attributes] : [] }
        if final == UInt8(ascii: "~"), parameters == "200" {
            paste = PasteInProgress()
            return []
        }
        return KeySequences.key(parameters, final).map { [.key($0)] } ?? []
    }

    /// `ESC ]`, text, and a bell or `ESC \`.
    private func answerStep(_ rest: ArraySlice<UInt8>) -> Step {
        let body = rest.dropFirst(2)
        let end = body.indices.first { index in
            body[index] == 0x07
                || body[index] == Self.escape && body.dropFirst(index - body.startIndex + 1).first == 0x5C
        }
        guard let end else { return rest.count < Self.sequenceBytesMax ? .incomplete : .done(rest.count, []) }
        let length = end - rest.startIndex + (rest[end] == 0x07 ? 1 : 2)
        let answer = TerminalQuestion.background(in: String(decoding: body[..<end], as: UTF8.self))
        return .done(length, answer.map { [.background($0)] } ?? [])
    }
}
