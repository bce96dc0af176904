import Foundation
import ShardCore

/// A key as it stands in a path.
///
/// Characters that can be composed in more than one way are brought into one, Unicode's normalization form C. A key is
/// hashed by its bytes and compared by its characters, so two forms of one key would be one in some shards and two in
/// others, and a reshard would lose one of them.
struct APIKey {
    let text: String

    /// No form of a text takes more than three times the bytes of its form C (Unicode Standard Annex 15).
    private static let rawBytesMax = keyBytesMax * 3

    /// - Parameter encoded: percent-encoded UTF-8.
    init(_ encoded: Substring, isLongName: Bool = false, method: String = "GET") throws(APIError) {
        // Most keys stand as they are, and are short enough whatever their characters.
        if !encoded.isEmpty, encoded.utf8.count <= keyCharactersMax,
            encoded.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x25 })
        {
            text = String(encoded)
            return
        }
        let message = isLongName ? "Error in \(method)" : nil
        let tooLong = APIError(400, "Key is too long", message: message)
        // Bounded before it is decoded, counted and brought into form C, each of which costs time by its length.
        guard encoded.utf8.count <= Self.rawBytesMax * 3 else { throw tooLong }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encoded.utf8.count)
        var rest = encoded.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(HexDigit.value), let low = rest.popFirst().flatMap(HexDigit.value)
            else { throw APIError(400, "A % in the key is not followed by two hexadecimal digits", message: message) }
            bytes.append(high << 4 | low)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw APIError(400, "The key is not UTF-8", message: message)
        }
        guard !text.isEmpty else { throw APIError(400, "The key is empty", message: message) }
        guard bytes.count <= Self.rawBytesMax, text.count <= keyCharactersMax else { throw tooLong }
        self.text = text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCanonicalMapping
        guard self.text.utf8.count <= keyBytesMax else { throw tooLong }
    }
}

extension APIRequest {
    func keyRoute(_ encoded: Substring, _ family: NameFamily) throws(APIError) -> APIRoute {
        guard method == "GET" || method == "PUT" || method == "DELETE" else {
            throw unknownMethod(["GET", "PUT", "DELETE"])
        }
        let key = try APIKey(encoded, isLongName: family == .long, method: method).text
        if body.isEmpty, method != "PUT" {
            return .request(
                method == "GET" ? .get(key: key, context: .empty) : .delete(key: key, context: .empty), family)
        }
        let fields = try APIBody(body)
        let context = try fields.context()
        switch method {
        case "GET": return .request(.get(key: key, context: context), family)
        case "DELETE": return .request(.delete(key: key, context: context), family)
        default:
            guard let value = fields.value() else {
                throw family == .long
                    ? APIError(400, "Value is missing", message: "Error in PUT")
                    : APIError(400, "PUT request does not specify a value")
            }
            guard value.count <= valueBytesMax else {
                throw APIError(413, "The value has \(value.count) bytes; the most is \(valueBytesMax)")
            }
            return .request(.put(key: key, value: value, context: context), family)
        }
    }
}
