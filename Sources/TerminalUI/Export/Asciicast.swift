/// Canvases one after the other as a recording of a terminal, in the format asciicast v2
/// (https://docs.asciinema.org/manual/asciicast/v2/): a line of JSON for the header, and one for each change.
public struct Asciicast {
    private var last: Canvas?
    public private(set) var text: String
    public private(set) var count = 0

    /// - Parameters:
    ///   - timestamp: when it was recorded, in seconds since 1970.
    ///   - title: for people.
    public init(_ size: Size, title: String, timestamp: UInt64) {
        text =
            #"{"version":2,"width":\#(size.width),"height":\#(size.height),"timestamp":\#(timestamp),"title":\#(title.asJSON),"env":{"TERM":"xterm-256color"}}"#
            + "\n"
    }

    /// - Parameter milliseconds: since the beginning; never before the one above.
    public mutating func add(_ canvas: Canvas, atMilliseconds milliseconds: UInt64) {
        let change = canvas.terminalText(after: last)
        last = canvas
        guard !change.isEmpty else { return }
        count += 1
        append(change, milliseconds)
    }

    /// Keeps the last frame until then.
    public mutating func end(atMilliseconds milliseconds: UInt64) { append("", milliseconds) }

    private mutating func append(_ change: String, _ milliseconds: UInt64) {
        let rest = String(String(milliseconds % 1_000 + 1_000).dropFirst())
        text += "[\(milliseconds / 1_000).\(rest),\"o\",\(change.asJSON)]\n"
    }
}

extension String {
    /// A text of JSON.
    fileprivate var asJSON: String {
        var text = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
