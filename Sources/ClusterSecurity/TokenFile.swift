/// The clients of a node and their roles, read from a file: a line `NAME ROLE sha256:HEX` for a token, or `NAME ROLE
/// cert` for the client certificate whose common name is NAME. Blank lines, and lines that begin with `#`, mean nothing
/// and are kept.
public struct TokenFile: Sendable {
    /// The longest file that is read, in bytes.
    public static let bytesMax = 1024 * 1024
    public static let entriesMax = 1_000
    public static let nameCharactersMax = 64

    public struct Entry: Sendable, Hashable {
        public enum Proof: Sendable, Hashable {
            case token(TokenDigest)
            /// A client certificate with this name, of the authority that the node trusts.
            case certificate
        }

        public let name: String
        public let role: TokenRole
        public let proof: Proof

        public init(name: String, role: TokenRole, proof: Proof) {
            self.name = name
            self.role = role
            self.proof = proof
        }

        var line: String {
            switch proof {
            case .token(let digest): "\(name) \(role.rawValue) \(TokenFile.digestPrefix)\(digest.hexadecimal)"
            case .certificate: "\(name) \(role.rawValue) \(TokenFile.certificateWord)"
            }
        }
    }

    private enum Line: Sendable {
        case entry(Entry)
        case remark(String)
    }

    private static let digestPrefix = "sha256:"
    private static let certificateWord = "cert"

    private var lines: [Line] = []

    public init() {}

    public var entries: [Entry] {
        lines.compactMap { if case .entry(let entry) = $0 { entry } else { nil } }
    }

    /// The file's text, with a line end after each line.
    public var text: String {
        lines.map { line in
            switch line {
            case .entry(let entry): entry.line + "\n"
            case .remark(let text): text + "\n"
            }
        }.joined()
    }

    /// The entry that the token belongs to; nil if there is none. Takes a time that tells nothing of the tokens in the
    /// file.
    public func entry(of token: Token) -> Entry? {
        let digest = token.digest
        var found: Entry?
        for entry in entries {
            guard case .token(let known) = entry.proof else { continue }
            if known.isEqualInConstantTime(to: digest) { found = entry }
        }
        return found
    }

    /// The entry for a client certificate with this common name; nil if no line has it.
    public func entry(ofCertificate name: String) -> Entry? {
        entries.first { $0.proof == .certificate && $0.name == name }
    }

    // MARK: Changing it

    /// - Throws: ``TokenFileProblem`` if the name is none, or is taken, or the file is full.
    public mutating func add(_ entry: Entry) throws(TokenFileProblem) {
        guard Self.isName(entry.name) else { throw TokenFileProblem(Self.nameRule(entry.name)) }
        guard !entries.contains(where: { $0.name == entry.name }) else {
            throw TokenFileProblem("'\(entry.name)' is there already; remove it first, or take another name")
        }
        guard entries.count < Self.entriesMax else {
            throw TokenFileProblem("the file has \(Self.entriesMax) entries, and takes no more")
        }
        lines.append(.entry(entry))
    }

    /// Removes the entry of that name; false if there is none.
    public mutating func remove(_ name: String) -> Bool {
        let before = lines.count
        lines.removeAll { if case .entry(let entry) = $0 { entry.name == name } else { false } }
        return lines.count < before
    }

    // MARK: Reading it

    /// - Throws: ``TokenFileProblem`` with the line that is wrong and the reason. Repeats nothing of it but a name.
    public init(parsing text: String) throws(TokenFileProblem) {
        guard text.utf8.count <= Self.bytesMax else {
            throw TokenFileProblem("it is longer than \(Self.bytesMax) bytes")
        }
        var rows = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if rows.last?.isEmpty == true { rows.removeLast() }
        for (index, row) in rows.enumerated() {
            let words = row.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, !first.hasPrefix("#") else {
                lines.append(.remark(String(row)))
                continue
            }
            do {
                try add(Self.entry(words))
            } catch {
                throw TokenFileProblem("line \(index + 1): \(error.description)")
            }
        }
    }

    private static func entry(_ words: [Substring]) throws(TokenFileProblem) -> Entry {
        guard words.count == 3 else {
            throw TokenFileProblem("not of the form NAME ROLE sha256:HEX, or NAME ROLE cert")
        }
        guard isName(String(words[0])) else { throw TokenFileProblem(nameRule(String(words[0].prefix(80)))) }
        guard let role = TokenRole(rawValue: String(words[1])) else {
            throw TokenFileProblem("the role of '\(words[0])' is none of read, write and operate")
        }
        if words[2] == certificateWord { return Entry(name: String(words[0]), role: role, proof: .certificate) }
        guard words[2].hasPrefix(digestPrefix),
            let digest = TokenDigest(hexadecimal: words[2].dropFirst(digestPrefix.count))
        else {
            throw TokenFileProblem(
                "what follows the role of '\(words[0])' is neither sha256: with 64 hexadecimal digits, nor cert")
        }
        return Entry(name: String(words[0]), role: role, proof: .token(digest))
    }

    /// Names stand in logs and in lines with spaces between words.
    private static func isName(_ text: String) -> Bool {
        (1...nameCharactersMax).contains(text.utf8.count) && !text.hasPrefix("#")
            && text.unicodeScalars.allSatisfy { (0x21...0x7E).contains($0.value) }
    }

    private static func nameRule(_ name: String) -> String {
        let shown = String(name.unicodeScalars.filter { (0x20...0x7E).contains($0.value) }.map(Character.init))
        return "'\(shown)' is no name: it has 1 to \(nameCharactersMax) characters of ASCII, without spaces, and no # "
            + "at its beginning"
    }
}

/// The reason why a file of tokens, or a change of it, is refused, in words for a person.
public struct TokenFileProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
