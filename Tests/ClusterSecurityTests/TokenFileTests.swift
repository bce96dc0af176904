import Testing

@testable import ClusterSecurity

@Suite struct TokenFileTests {
    private func file(_ text: String) throws -> TokenFile { try TokenFile(parsing: text) }

    @Test func aTokenIsFoundByItsTextAlone() throws {
        let (first, second) = (Token.make(), Token.make())
        var file = TokenFile()
        try file.add(.init(name: "backup", role: .read, proof: .token(first.digest)))
        try file.add(.init(name: "anna", role: .operate, proof: .token(second.digest)))
        let read = try self.file(file.text)
        #expect(read.entry(of: first)?.name == "backup")
        #expect(read.entry(of: second)?.role == .operate)
        #expect(read.entry(of: Token.make()) == nil)
    }

    /// The digest as other programs make it: `printf %s sn_abc | sha256sum`.
    @Test func theDigestIsThatOfTheTokensText() throws {
        let token = try #require(Token("sn_abc"))
        let hexadecimal = "c9262497eaef36d643f1f7b9ad56338620075aa9e13826efaaf1171eb3c0dd52"
        #expect(token.digest.hexadecimal == hexadecimal)
        #expect(try file("x read sha256:\(token.digest.hexadecimal)").entry(of: token)?.name == "x")
        #expect(try file("x read sha256:\(token.digest.hexadecimal.uppercased())").entry(of: token)?.name == "x")
    }

    @Test func aCertificateStandsForItsCommonNameAndNoTokenDoes() throws {
        let file = try file("ops operate cert\nweb write sha256:\(String(repeating: "0", count: 64))\n")
        #expect(file.entry(ofCertificate: "ops")?.role == .operate)
        #expect(file.entry(ofCertificate: "web") == nil)
        #expect(file.entry(ofCertificate: "other") == nil)
    }

    @Test func remarksAndOrderAreKeptWhereTheFileIsChanged() throws {
        var file = try file("# people\nanna operate cert\n\n# programs\nweb  write\tcert\n")
        let (wasThere, isThere) = (file.remove("anna"), file.remove("anna"))
        #expect(wasThere)
        #expect(!isThere)
        try file.add(.init(name: "bert", role: .read, proof: .certificate))
        #expect(file.text == "# people\n\n# programs\nweb write cert\nbert read cert\n")
    }

    @Test(arguments: [
        ("anna operate", "line 1: not of the form"),
        ("\n# x\nanna root cert", "line 3: the role of 'anna' is none of read, write and operate"),
        ("anna read sha256:12", "line 1: what follows the role of 'anna'"),
        ("anna read sha1:" + String(repeating: "0", count: 64), "line 1: what follows the role of 'anna'"),
        ("anna read sha256:" + String(repeating: "g", count: 64), "line 1: what follows the role of 'anna'"),
        ("anna read cert\nanna write cert", "line 2: 'anna' is there already"),
        (String(repeating: "a", count: 65) + " read cert", "line 1: '"),
        ("änna read cert", "line 1: 'nna' is no name"),
    ])
    func aLineThatIsNoneIsNamed(_ text: String, _ words: String) {
        do throws(TokenFileProblem) {
            _ = try TokenFile(parsing: text)
            Issue.record("it was taken")
        } catch {
            #expect(error.description.hasPrefix(words))
        }
    }

    @Test func whatIsTooLongIsNotTaken() {
        let many = (0...TokenFile.entriesMax).map { "n\($0) read cert\n" }.joined()
        #expect(throws: TokenFileProblem.self) { try file(many) }
        #expect(throws: TokenFileProblem.self) { try file(String(repeating: "#", count: TokenFile.bytesMax + 1)) }
    }

    @Test func anErrorRepeatsNothingOfASecretThatWasPutInTheWrongPlace() {
        do throws(TokenFileProblem) {
            _ = try TokenFile(parsing: "anna read sn_verysecret")
        } catch {
            #expect(!error.description.contains("verysecret"))
        }
    }
}

@Suite struct TokenTests {
    @Test func aNewTokenIsThePrefixAnd32BytesInBase64URL() {
        let tokens = (0..<100).map { _ in Token.make().revealed }
        #expect(Set(tokens).count == 100)
        for text in tokens {
            #expect(text.hasPrefix("sn_"))
            #expect(text.dropFirst(3).utf8.count == 43)
            #expect(text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        }
    }

    /// From RFC 4648, section 10, with the padding left out.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64IsThatOfTheStandard(_ text: String, _ encoded: String) {
        #expect(Base64URL.encode(Array(text.utf8)) == encoded)
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
    }

    @Test func noDescriptionShowsTheText() throws {
        let token = try #require(Token("sn_hidden"))
        var dumped = ""
        dump(token, to: &dumped)
        #expect(!"\(token) \(String(reflecting: token)) \(dumped)".contains("hidden"))
    }

    @Test(arguments: ["", "a b", "a\nb", "ä", String(repeating: "a", count: 513)])
    func whatCannotStandInAHeaderIsNone(_ text: String) {
        #expect(Token(text) == nil)
    }

    @Test func eachRoleIncludesTheOnesBeforeIt() {
        #expect(TokenRole.operate.includes(.read))
        #expect(TokenRole.write.includes(.write))
        #expect(!TokenRole.read.includes(.write))
        #expect(!TokenRole.write.includes(.operate))
    }
}
