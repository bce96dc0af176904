import ClusterModel
import TerminalUI

/// Short names for the nodes of a cluster, each unlike every other: of addresses that are too long for where they
/// stand, what differs stays and what all have in common goes. The same for the same addresses, in whatever order.
public struct NodeLabels: Equatable, Sendable {
    /// What all addresses begin and end with that the labels leave out; empty where they are whole.
    public let commonStart: String
    public let commonEnd: String
    /// The nodes that have letters, in their order; empty where they have none.
    let lettered: [MemberID]
    /// Of the longest label.
    public let columns: Int
    /// Empty where all addresses are whole.
    private let labels: [MemberID: String]
    private let byText: [String: String]
    private let width: Int
    private let mark: String

    /// - Parameters:
    ///   - addresses: all of the cluster.
    ///   - preferred: columns that a label may take where another form of it would be shorter.
    ///   - width: columns that it may take at most; below ``widthMin`` as many as that.
    ///   - mark: stands where something is left out within a label.
    ///   - longest: columns of the longest of the addresses, where they are known.
    public init(
        _ addresses: Set<MemberID>, preferred: Int? = nil, width: Int, mark: String = "…", longest: Int? = nil
    ) {
        let width = max(Self.widthMin, width)
        (self.width, self.mark, lettered) = (width, mark, [])
        // Most addresses are short, and a frame is drawn many times a second.
        let longest = longest ?? addresses.lazy.map { $0.description.columns }.max() ?? 0
        guard longest > min(width, preferred ?? width) else {
            (labels, byText, columns, commonStart, commonEnd) = ([:], [:], longest, "", "")
            return
        }
        let sorted = addresses.sorted()
        let texts = sorted.map(\.description)
        let chosen = Self.choose(texts, preferred: min(width, preferred ?? width), width: width, mark: mark)
        labels = Dictionary(uniqueKeysWithValues: zip(sorted, chosen.labels))
        byText = Dictionary(uniqueKeysWithValues: zip(texts, chosen.labels))
        columns = chosen.labels.map(\.columns).max() ?? 0
        (commonStart, commonEnd) = (chosen.start, chosen.end)
    }

    /// A letter for each node, as a presenter calls them: A, B ... Z, AA.
    init(lettersOf addresses: Set<MemberID>, mark: String = "…") {
        // Of addresses that differ by a number the shorter is the lower one.
        let sorted = addresses.sorted { ($0.text.utf8.count, $0.text) < ($1.text.utf8.count, $1.text) }
        lettered = sorted
        let letters = sorted.indices.map(Self.letters)
        (width, self.mark, commonStart, commonEnd) = (Self.widthMin, mark, "", "")
        labels = Dictionary(uniqueKeysWithValues: zip(sorted, letters))
        // Two names may read alike once what acts on a terminal is taken out of them.
        byText = Dictionary(zip(sorted.map(\.description), letters), uniquingKeysWith: { first, _ in first })
        columns = letters.map(\.columns).max() ?? 0
    }

    /// Numbers from 0 on, in letters.
    private static func letters(_ number: Int) -> String {
        let letter = String(Character(Unicode.Scalar(UInt8(65 + number % 26))))
        return number < 26 ? letter : letters(number / 26 - 1) + letter
    }

    /// True where every label is the address itself.
    public var areWhole: Bool { labels.isEmpty }

    /// Room for a number among 100,000 nodes and a letter of what it numbers.
    public static let widthMin = 8

    /// The label of a node; of one that is not of the cluster, its address, cut in its middle where it is too long.
    public subscript(node: MemberID) -> String {
        labels[node] ?? node.description.truncatedInMiddle(to: max(width, columns), mark: mark)
    }

    /// The text with labels in place of the addresses in it.
    public func shortened(_ text: String) -> String {
        guard byText.contains(where: { $0 != $1 }) else { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            // An address ends in a digit; what stands behind it is punctuation.
            guard let last = word.lastIndex(where: \.isNumber) else { return String(word) }
            let end = word.index(after: last)
            let start = word.firstIndex { $0 != "(" && $0 != "'" } ?? word.startIndex
            guard start < end, let label = byText[String(word[start..<end])] else { return String(word) }
            return word[..<start] + label + word[end...]
        }.joined(separator: " ")
    }

    // MARK: Forms

    private struct Form {
        var labels: [String]
        var start = ""
        var end = ""

        var columns: Int { labels.map(\.columns).max() ?? 0 }
        var isUnique: Bool { Set(labels).count == labels.count && !labels.contains("") }
    }

    /// The first of the forms, from whole addresses to numbers, that fits and tells all nodes apart.
    private static func choose(_ texts: [String], preferred: Int, width: Int, mark: String) -> Form {
        let forms = forms(texts, mark: mark).filter(\.isUnique)
        return forms.first { $0.columns <= preferred } ?? forms.first { $0.columns <= width }
            ?? numbered(texts, width: width, mark: mark)
    }

    private static func forms(_ texts: [String], mark: String) -> [Form] {
        let whole = Form(labels: texts)
        let parts = texts.map { AddressParts($0) }
        // A node alone has nothing to differ from: its host is its name.
        let end = texts.count > 1 ? AddressParts.commonEnd(parts) : parts.flatMap { $0.parts.suffix(1) }
        let heads = parts.map { $0.text(droppingLast: end.count) }
        let withoutEnd = Form(labels: heads, end: end.joined())
        let start = texts.count > 1 ? AddressParts.commonStart(heads) : ""
        let tails = heads.map { mark + $0.dropFirst(start.count) }
        let ownParts = Form(labels: tails, start: start, end: end.joined())
        // Where not all end alike, each is cut behind the part that tells it from every other.
        let ownHeads = Form(labels: AddressParts.ownHeads(parts, mark: mark))
        return [whole, withoutEnd, ownHeads, ownParts]
    }

    /// As much of each address as there is room for, and the place among all.
    private static func numbered(_ texts: [String], width: Int, mark: String) -> Form {
        guard texts.count > 1 else {
            return Form(labels: texts.map { $0.truncatedInMiddle(to: width, mark: mark) })
        }
        return Form(
            labels: texts.enumerated().map { index, text in
                let number = "#\(index + 1)"
                return text.truncated(to: max(1, width - number.count), mark: mark) + number
            })
    }
}
