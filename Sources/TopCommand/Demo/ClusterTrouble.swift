/// A fault of a demo's nodes, or of what they hold. The demo's logs are then kept, to find the cause; other errors keep
/// nothing.
struct ClusterTrouble: Error {
    let words: String
    /// The last lines that the nodes logged.
    var log = ""
}
