import Foundation
import Testing

@testable import ShardWire

@Suite struct JSONScannerTests {
    private func isValid(_ text: String) -> Bool { (try? JSONScanner.value(of: Array(text.utf8))) != nil }

    static let valid = [
        "null", "true", "false", "0", "-0", "1.5e+10", "1E-2", "\"\"", "\"é\\n\\u00e9\\ud83d\\ude00\"", "[]", "{}",
        " [1, {\"a\": [null]}] ", "{\"a\":1,\"a\":2}", "\"\u{7f}\"", "[[[[[]]]]]", "100000000000000000000000000000",
    ]
    static let invalid = [
        "", " ", "nul", "tru", "01", "1.", ".5", "+1", "1e", "--1", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "[",
        "[1,]", "[,1]", "{", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "[1 2]", "1 2", "\"\n\"", "NaN", "'a'",
        "\"\\udc00\"", "{\"a\":1]", "//", "[1]x",
    ]

    @Test(arguments: valid) func whatIsJSONIsTaken(text: String) { #expect(isValid(text)) }

    @Test(arguments: invalid) func whatIsNoJSONIsRefused(text: String) { #expect(!isValid(text)) }

    @Test func bytesThatAreNoUTF8AreRefused() {
        for bytes in [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
        ] as [[UInt8]] {
            #expect(throws: JSONError.self) { try JSONScanner.value(of: bytes) }
        }
    }

    @Test func whatEndsOrSpoilsAStringIsSeenWhereverItStands() {
        for length in 0..<40 {
            for place in 0...length {
                func string(_ part: [UInt8]) -> [UInt8] {
                    [0x22] + Array(repeating: 0x61, count: place) + part
                        + Array(repeating: 0x7E, count: length - place) + [0x22]
                }
                #expect(throws: Never.self) { try JSONScanner.value(of: string(Array("\\\"\u{7f} é".utf8))) }
                for wrong: [UInt8] in [[0x22], [0x1F], [0x00], [0x5C, 0x61], [0x80], [0xFF]] {
                    #expect(throws: JSONError.self) { try JSONScanner.value(of: string(wrong)) }
                }
            }
        }
    }

    @Test func depthIsBounded() {
        let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(isValid(deep))
        #expect(!isValid("[" + deep + "]"))
        #expect(!isValid(String(repeating: "[", count: 1_000_000)))
    }

    /// Foundation takes a few things beyond RFC 8259 at the top level; both must agree on everything mutated from a
    /// document that is an object.
    @Test func itAgreesWithTheGeneralParserOnMutatedDocuments() throws {
        let base = Array(#"{"value":{"a":[1,-2.5e3,"x\n\u00e9",true,null]},"causal-metadata":"1;a;b"}"#.utf8)
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<4_000 {
            var bytes = base
            for _ in 0...random(2) {
                switch random(3) {
                case 0: bytes[random(bytes.count)] = UInt8(0x20 + random(0x5F))
                case 1: bytes.remove(at: random(bytes.count))
                default: bytes.insert(Array(#"{}[]",:\0e-.tn "#.utf8)[random(15)], at: random(bytes.count))
                }
            }
            let mine = (try? JSONScanner.members(of: bytes)) != nil
            let general = ((try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any]) != nil
            // Foundation lets a comma stand before the end of an array or object; RFC 8259 does not.
            if !mine, general, String(decoding: bytes, as: UTF8.self).contains(/,\s*[\]}]/) { continue }
            #expect(mine == general, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test func membersAreFoundUnderEscapedNamesAndTheLastOfTwoCounts() throws {
        let bytes = Array(#" { "v\u0061lue" : 1 , "value":[2, 3] } "#.utf8)
        let members = try JSONScanner.members(of: bytes)
        #expect(members.map(\.name) == ["value", "value"])
        #expect(String(decoding: bytes[members[1].value], as: UTF8.self) == "[2, 3]")
    }

    @Test func theElementsOfAnArrayAreFoundWithTheirExactText() throws {
        let bytes = Array(#" [ 1.10 , {"a":[2, 3]},"x,]"  ,[] ] "#.utf8)
        let elements = try JSONScanner.elements(of: bytes)
        #expect(
            elements.map { String(decoding: bytes[$0], as: UTF8.self) } == ["1.10", #"{"a":[2, 3]}"#, #""x,]""#, "[]"])
        #expect(try JSONScanner.elements(of: Array("[]".utf8)).isEmpty)
        for wrong in ["{}", "", "[1,]", "[1] 2", "1"] {
            #expect(throws: JSONError.self) { try JSONScanner.elements(of: Array(wrong.utf8)) }
        }
    }

    @Test func aValueIsFoundWithoutTheSpaceAroundIt() throws {
        let bytes = Array(" \n{\"a\": 1}\t".utf8)
        #expect(try String(decoding: bytes[JSONScanner.value(of: bytes)], as: UTF8.self) == #"{"a": 1}"#)
    }

    @Test func anErrorSaysWhere() throws {
        let error = #expect(throws: JSONError.self) { try JSONScanner.members(of: Array(#"{"a":tru}"#.utf8)) }
        #expect(error?.offset == 8)
    }
}
