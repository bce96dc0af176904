/// Something is wrong with a demo's nodes, or with what they hold: whoever wants to know more reads their logs, which
/// are kept then. Other errors keep nothing.
struct ClusterTrouble: Error {
    let words: String
    /// What the nodes logged last, in lines.
    var log = ""
}
