import ClusterModel

/// What a node answered.
struct NodeResponse: Sendable {
    let status: Int
    /// In lower case, without parameters; empty where none was given.
    let contentType: String
    let body: [UInt8]

    /// The top-level members of a JSON object; nil where the body is none.
    var members: [String: JSONText]? { JSONText.members(of: body) }

    /// What a node of another kind said, for a person: "404 text/html".
    var summary: String { contentType.isEmpty ? "\(status)" : "\(status) \(contentType)" }

    /// What the answer says in words: its `error`, else its `message`; nil where it says nothing.
    var message: String? {
        let members = members ?? [:]
        let text = members["error"]?.stringValue ?? members["message"]?.stringValue
        guard let text, !text.isEmpty else { return nil }
        return String(text.prefix(Self.messageCharactersMax)).withoutControls
    }

    private static let messageCharactersMax = 500

    /// The whole of it for a person, never a message without its status: "500 'Updated successfully'".
    var words: String { message.map { "\(status) '\($0)'" } ?? summary }
}
