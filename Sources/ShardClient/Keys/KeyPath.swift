/// Builds the paths of the endpoints that hold a key or a shard's id.
enum KeyPath {
    /// Percent-encodes all but letters, digits and `-._~`, so that any key, with slashes or spaces, is one segment.
    static func encode(_ key: String) -> String {
        var text = ""
        text.reserveCapacity(key.utf8.count)
        for byte in key.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = Array("0123456789ABCDEF")
                text += "%"
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
        return text == "." || text == ".." ? text.map { _ in "%2E" }.joined() : text
    }
}
