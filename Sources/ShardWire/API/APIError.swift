/// The fault of a request, found before the store was asked.
public struct APIError: Error, Hashable, Sendable {
    public let status: Int
    public let error: String
    /// The message in which the long names name the method: "Error in PUT".
    public let message: String?
    /// For a 405: the methods that are known there, separated by commas.
    public let allow: String?

    public init(_ status: Int, _ error: String, message: String? = nil, allow: String? = nil) {
        self.status = status
        self.error = error
        self.message = message
        self.allow = allow
    }

    /// The body that tells the error.
    public var body: [UInt8] {
        var members = [("error", JSONWriter.string(error))]
        if let message { members.append(("message", JSONWriter.string(message))) }
        return JSONWriter.object(members)
    }
}
