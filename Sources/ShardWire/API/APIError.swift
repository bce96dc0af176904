/// What is wrong with a request, before anything was asked of the store.
public struct APIError: Error, Hashable, Sendable {
    public let status: Int
    public let error: String
    /// Where the long names put the method: "Error in PUT".
    public let message: String?
    /// Of a 405: the methods that are known there, with commas between.
    public let allow: String?

    public init(_ status: Int, _ error: String, message: String? = nil, allow: String? = nil) {
        self.status = status
        self.error = error
        self.message = message
        self.allow = allow
    }

    /// The body that says so.
    public var body: [UInt8] {
        var members = [("error", JSONWriter.string(error))]
        if let message { members.append(("message", JSONWriter.string(message))) }
        return JSONWriter.object(members)
    }
}
