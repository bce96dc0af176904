/// What a node answered.
struct NodeResponse: Sendable {
    let status: Int
    /// In lower case, without parameters; empty where none was given.
    let contentType: String
    let body: [UInt8]

    /// The top-level members of a JSON object; nil where the body is none.
    var members: [String: JSONText]? { try? JSONScanner.members(of: body) }

    /// What a node of another kind said, for a person: "404 text/html".
    var summary: String { contentType.isEmpty ? "\(status)" : "\(status) \(contentType)" }

    /// The reason an error answer gives: its `error`, else its `message`, else its status.
    var reason: String {
        let members = members ?? [:]
        let text = members["error"]?.stringValue ?? members["message"]?.stringValue
        return text.map { String($0.prefix(500)) } ?? "status \(summary)"
    }
}
