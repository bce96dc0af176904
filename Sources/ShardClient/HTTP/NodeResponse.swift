import ClusterModel

/// The answer of a node.
struct NodeResponse: Sendable {
    let status: Int
    /// The media type in lower case, without parameters; empty if none was given.
    let contentType: String
    let body: [UInt8]

    /// The top-level members of a JSON object; nil if the body is not one.
    var members: [String: JSONText]? { JSONText.members(of: body) }

    /// The answer of a node of another kind in short, for a person: "404 text/html".
    var summary: String { contentType.isEmpty ? "\(status)" : "\(status) \(contentType)" }

    /// The answer's own words: its `error`, else its `message`, and its `reason` where it has one; nil without words.
    var message: String? {
        let members = members ?? [:]
        let text = members["error"]?.stringValue ?? members["message"]?.stringValue
        guard let text, !text.isEmpty else { return nil }
        let reason = members["reason"]?.stringValue.map { ": \($0)" } ?? ""
        return String((text + reason).prefix(Self.messageCharactersMax)).withoutControls
    }

    private static let messageCharactersMax = 500

    /// The whole answer for a person, never a message without its status: "500 'Updated successfully'".
    var words: String { message.map { "\(status) '\($0)'" } ?? summary }
}
