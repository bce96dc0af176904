import ClusterModel
import TerminalUI

/// Labels for the nodes of a cluster, all different: if addresses are too long for their place, their common parts are
/// left out. The same addresses in any order give the same labels.
public struct NodeLabels: Equatable, Sendable {
    /// The common beginning and end of all addresses, if the labels leave them out; empty for whole addresses.
    public let commonStart: String
    public let commonEnd: String
    /// The nodes that are labelled with letters, in their order; empty if none is.
    let lettered: [MemberID]
    /// The columns of the longest label.
    public let columns: Int
    /// Empty if all labels are whole addresses.
    private let labels: [MemberID: String]
    private let byText: [String: String]
    private let width: Int
    private let mark: String

    /// - Parameters:
    ///   - addresses: all addresses of the cluster.
    ///   - preferred: the columns that a label takes at most if any of its forms is so short.
    ///   - width: the columns that a label takes at most, but at least ``widthMin``.
    ///   - mark: stands for the part that is left out within a label.
    ///   - longest: the columns of the longest address, if known.
    public init(
        _ addresses: Set<MemberID>, preferred: Int? = nil, width: Int, mark: String = "…", longest: Int? = nil
    ) {
        let width = max(Self.widthMin, width)
        (self.width, self.mark, lettered) = (width, mark, [])
        // A shortcut: most addresses are short, and many frames are drawn in a second.
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
        // If addresses differ by a number, the shorter one has the lower number.
        let sorted = addresses.sorted { ($0.text.utf8.count, $0.text) < ($1.text.utf8.count, $1.text) }
        lettered = sorted
        let letters = sorted.indices.map(Self.letters)
        (width, self.mark, commonStart, commonEnd) = (Self.widthMin, mark, "", "")
        labels = Dictionary(uniqueKeysWithValues: zip(sorted, letters))
        // Two names may become equal once characters that act on a terminal are taken out.
        byText = Dictionary(zip(sorted.map(\.description), letters), uniquingKeysWith: { first, _ in first })
        columns = letters.map(\.columns).max() ?? 0
    }

    /// The letters for a number from 0 on.
    private static func letters(_ number: Int) -> String {
        let letter = String(Character(Unicode.Scalar(UInt8(65 + number % 26))))
        return number < 26 ? letter : letters(number / 26 - 1) + letter
    }

    /// True if every label is the address itself.
    public var areWhole: Bool { labels.isEmpty }

    /// The least width of a label: room for a number among 100,000 nodes and one letter of the address.
    public static let widthMin = 8

    /// The label of a node; for a node outside the cluster its address, cut in its middle if it is too long.
    public subscript(node: MemberID) -> String {
        labels[node] ?? node.description.truncatedInMiddle(to: max(width, columns), mark: mark)
    }

    /// The text with labels in place of the addresses in it.
    public func shortened(_ text: String) -> String {
        guard byText.contains(where: { $0 != $1 }) else { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            // An address ends in a digit; the rest of the word is punctuation.
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
        // A single node has nothing to differ from: its host is its name.
        let end = texts.count > 1 ? AddressParts.commonEnd(parts) : parts.flatMap { $0.parts.suffix(1) }
        let heads = parts.map { $0.text(droppingLast: end.count) }
        let withoutEnd = Form(labels: heads, end: end.joined())
        let start = texts.count > 1 ? AddressParts.commonStart(heads) : ""
        let tails = heads.map { mark + $0.dropFirst(start.count) }
        let ownParts = Form(labels: tails, start: start, end: end.joined())
        // If the ends differ, each address is cut behind the part that tells it from all others.
        let ownHeads = Form(labels: AddressParts.ownHeads(parts, mark: mark))
        return [whole, withoutEnd, ownHeads, ownParts]
    }

    /// Labels with as much of each address as there is room for, and its number among all.
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
