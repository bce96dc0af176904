import PaperCluster
import Testing
import ValkeyClient

@Suite struct RESPDecoderTests {
    /// As sent, and what it means.
    static let replies: [(String, RESPValue)] = [
        ("+OK\r\n", .simple("OK")),
        ("+\r\n", .simple("")),
        ("-ERR no\r\n", .error(RESPError("ERR no"))),
        (":0\r\n", .integer(0)),
        (":+7\r\n", .integer(7)),
        (":9223372036854775807\r\n", .integer(.max)),
        (":-9223372036854775808\r\n", .integer(.min)),
        ("$0\r\n\r\n", .bulk([])),
        ("$6\r\na\r\nb\r\n\r\n", .bulk(Array("a\r\nb\r\n".utf8))),
        ("$-1\r\n", .null),
        ("*-1\r\n", .null),
        ("_\r\n", .null),
        ("*0\r\n", .array([])),
        ("*2\r\n*1\r\n:1\r\n$1\r\nx\r\n", .array([.array([.integer(1)]), .bulk([120])])),
        ("*1\r\n*1\r\n*0\r\n", .array([.array([.array([])])])),
        (",1.5\r\n", .double(1.5)),
        (",-1e3\r\n", .double(-1000)),
        (",inf\r\n", .double(.infinity)),
        (",-inf\r\n", .double(-.infinity)),
        ("#t\r\n", .boolean(true)),
        ("#f\r\n", .boolean(false)),
        ("(-34928903284092350\r\n", .bigNumber("-34928903284092350")),
        ("!7\r\nERR a\r\n\r\n", .error(RESPError("ERR a\r\n"))),
        ("=5\r\ntxt:a\r\n", .verbatim(format: "txt", bytes: [97])),
        ("%0\r\n", .map([])),
        ("%1\r\n+a\r\n*1\r\n_\r\n", .map([.init(.simple("a"), .array([.null]))])),
        ("~2\r\n:1\r\n:2\r\n", .set([.integer(1), .integer(2)])),
        (">2\r\n+pubsub\r\n:1\r\n", .push([.simple("pubsub"), .integer(1)])),
        ("|1\r\n+ttl\r\n:3\r\n$1\r\nx\r\n", .bulk([120])),
        ("*2\r\n|1\r\n+ttl\r\n*1\r\n:3\r\n:1\r\n|0\r\n:2\r\n", .array([.integer(1), .integer(2)])),
    ]

    static func decode(_ bytes: some Sequence<UInt8>, limits: RESPLimits = RESPLimits()) throws -> [RESPValue] {
        var decoder = RESPDecoder(limits: limits)
        decoder.append(bytes)
        return try all(&decoder)
    }

    static func all(_ decoder: inout RESPDecoder) throws -> [RESPValue] {
        var values: [RESPValue] = []
        while let value = try decoder.next() { values.append(value) }
        return values
    }

    @Test(arguments: replies) func `reads every type`(reply: (bytes: String, value: RESPValue)) throws {
        #expect(try Self.decode(reply.bytes.utf8) == [reply.value])
    }

    @Test func `reads a number that is none`() throws {
        let values = try Self.decode(",nan\r\n".utf8)
        #expect(values.first?.double?.isNaN == true)
    }

    @Test func `gives the same values wherever the stream is cut`() throws {
        let bytes = Self.replies.flatMap { Array($0.0.utf8) }
        let values = Self.replies.map(\.1)
        for cut in 0...bytes.count {
            var decoder = RESPDecoder()
            decoder.append(bytes[..<cut])
            var found = try Self.all(&decoder)
            decoder.append(bytes[cut...])
            found += try Self.all(&decoder)
            #expect(found == values, "cut at \(cut)")
            #expect(!decoder.isWithinReply)
        }
        var decoder = RESPDecoder()
        var found: [RESPValue] = []
        for byte in bytes {
            decoder.append(CollectionOfOne(byte))
            found += try Self.all(&decoder)
        }
        #expect(found == values)
    }

    @Test func `knows that a reply has not ended`() throws {
        for bytes in ["$", "$3\r\n", "$3\r\nab", "*2\r\n:1\r\n", "+O", "%1\r\n+a\r\n"] {
            var decoder = RESPDecoder()
            decoder.append(bytes.utf8)
            #expect(try decoder.next() == nil)
            #expect(decoder.isWithinReply, "\(bytes)")
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 400 Bad Request\r\n", RESPFault.notAReply(72)),
        ("\u{15}\u{03}\u{01}", .notAReply(0x15)),
        (":1x\r\n", .malformed("an integer that is none")),
        (":\r\n", .malformed("an integer that is none")),
        (":9223372036854775808\r\n", .malformed("an integer that is none")),
        ("$-2\r\n", .malformed("the length of a text is no number")),
        ("$+2\r\n", .malformed("the length of a text is no number")),
        ("*x\r\n", .malformed("the length of a list is no number")),
        ("*99999999999999999999\r\n", .malformed("the length of a list is no number")),
        ("$?\r\n", .notSupported("a streamed text, which is not supported")),
        ("%?\r\n", .notSupported("a streamed list, which is not supported")),
        (";3\r\n", .notSupported("a piece of a streamed reply, which is not supported")),
        (".\r\n", .notSupported("a piece of a streamed reply, which is not supported")),
        ("$1\r\nabc\r\n", .malformed("a text that is longer than it was said to be")),
        ("+OK\n", .malformed("a line that does not end as lines do")),
        ("#x\r\n", .malformed("a truth value that is neither t nor f")),
        ("_x\r\n", .malformed("a null with bytes in it")),
        (",0x10\r\n", .malformed("a number that is none")),
        (",infinity\r\n", .malformed("a number that is none")),
        ("(12a\r\n", .malformed("a big number that is none")),
        ("=3\r\ntxt\r\n", .malformed("a verbatim text without its format")),
        ("*1\r\n>0\r\n", .malformed("a push within a reply")),
        ("$4294967296\r\n", .tooLarge("a text of length 4294967296")),
        ("*00000000000000000000000000000000000000", .tooLarge("a line of more than 32 bytes")),
    ])
    func `refuses in words`(bytes: String, fault: RESPFault) {
        #expect(throws: fault) { try Self.decode(bytes.utf8) }
    }

    @Test func `stays refusing after a fault`() throws {
        var decoder = RESPDecoder()
        decoder.append("+OK\r\nx".utf8)
        #expect(try decoder.next() == .simple("OK"))
        #expect(throws: RESPFault.notAReply(120)) { try decoder.next() }
        decoder.append("+OK\r\n".utf8)
        #expect(throws: RESPFault.notAReply(120)) { try decoder.next() }
    }

    @Test func `bounds sizes counts and depths before the bytes come`() throws {
        var limits = RESPLimits()
        limits.bulkBytesMax = 10
        limits.replyBytesMax = 60
        limits.elementsMax = 6
        limits.depthMax = 3
        limits.lineBytesMax = 20
        let fine = "*2\r\n*2\r\n*1\r\n:1\r\n:2\r\n$10\r\n0123456789\r\n"
        #expect(try Self.decode((fine + fine).utf8, limits: limits).count == 2)
        let faults = [
            ("$11\r\n", "a text of 11 bytes; 10 are read at most"),
            ("*7\r\n", "a reply of more than 6 elements"), ("%4\r\n", "a reply of more than 6 elements"),
            ("*3\r\n*4\r\n", "a reply of more than 6 elements"),
            ("*1\r\n*1\r\n*1\r\n*1\r\n", "lists nested deeper than 3"),
            ("*1\r\n*1\r\n*1\r\n*0\r\n", "lists nested deeper than 3"),
            ("+0123456789012345678", "a line of more than 20 bytes"),
            (
                "*4\r\n$10\r\n0123456789\r\n$10\r\n0123456789\r\n$10\r\n0123456789\r\n$10\r\n0123456789\r\n",
                "a reply of more than 60 bytes"
            ),
        ]
        for (bytes, words) in faults {
            #expect(throws: RESPFault.tooLarge(words)) { try Self.decode(bytes.utf8, limits: limits) }
        }
    }

    @Test func `takes RESP2 and RESP3 for the same`() throws {
        let map = RESPValue.map([.init(.bulk(Array("a".utf8)), .boolean(true)), .init(.simple("b"), .double(1.5))])
        for version in [2, 3] {
            let value = try #require(try Self.decode(map.bytes(version: version)).first)
            #expect(value.fields?["a"]?.integer == 1)
            #expect(value.fields?["b"]?.double == 1.5)
            #expect(value.entries?.count == 2)
            #expect(try Self.decode(RESPValue.null.bytes(version: version)) == [.null])
        }
    }
}
