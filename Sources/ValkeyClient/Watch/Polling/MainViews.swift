/// Of the views of several nodes, those that belong to one cluster: a node that was reset, or never met anybody, sees a
/// cluster of its own.
enum MainViews {
    /// The view that knows the most nodes, and those whose node it names, or who name its node.
    static func choose(_ views: [NodesView]) -> [NodesView] {
        guard let base = views.min(by: { (-$0.nodes.count, $0.myself) < (-$1.nodes.count, $1.myself) }) else {
            return []
        }
        let named = Set(base.nodes.lazy.filter { !$0.flags.contains(.handshake) }.map(\.id))
        return views.filter { view in
            named.contains(view.myself) || view.nodes.contains { $0.id == base.myself }
        }
    }
}
