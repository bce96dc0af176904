import ShardClient
import Testing

@Suite struct JSONTextTests {
    @Test(arguments: [
        "0", "-1.5e+10", "\"a\"", "\"\\u00e9\\n\"", "{}", "[]", " [1 , {\"a\":null}] ", "true", "{\"a\":{\"b\":[[]]}}",
    ])
    func `JSON is kept to the byte`(_ text: String) {
        #expect(JSONText(text)?.description == text.trimmingPrefix(" ").trimmingSuffix())
    }

    @Test(arguments: [
        "", "hello", "01", "1.", "+1", "\"a", "{\"a\"}", "[1,]", "{,}", "tru", "1 2", "\"\u{1}\"", "\"\\x\"", "-", "1e",
    ])
    func `what is not JSON is none`(_ text: String) {
        #expect(JSONText(text) == nil)
    }

    @Test func `deep nesting is refused, not followed`() {
        #expect(JSONText(String(repeating: "[", count: 100_000)) == nil)
    }

    @Test func `a string is escaped where JSON wants it`() {
        #expect(JSONText.string("a\"b\\c\n\u{1}é").description == #""a\"b\\c\n\u0001é""#)
    }
}

extension Substring {
    fileprivate func trimmingSuffix() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
