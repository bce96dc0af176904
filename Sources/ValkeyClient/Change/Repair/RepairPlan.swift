/// The actions for slots that are open, or that nobody or two nodes have.
struct RepairPlan: Sendable, Hashable {
    enum Action: Sendable, Hashable {
        /// Nothing has gone of these slots, so both ends are closed: the owner's first.
        case close(SlotSet, owner: Peer?, others: [Peer])
        /// The rest of their keys goes to where the others are, and then they change hands.
        case finish(SlotSet, from: Peer, to: Peer)
        /// Keys that lie where their slot neither is nor goes to.
        case gather(SlotSet, from: Peer, to: Peer, owner: NodeID)
        /// Slots that nobody has.
        case assign(SlotSet, to: Peer)
        /// A node that has the slots open, and takes another, or nobody, for their owner, is told who has them.
        case inform(SlotSet, Peer, owner: Peer)
        /// A replica has slots open that no primary has: it is told through its primary.
        case settle(SlotSet, NodeID, through: Peer)
        /// The replica of a primary that is gone, which has no slots and for which no other would step in.
        case promote(Peer, of: NodeID)

        /// The views of one look are of different moments. Taken while a replica steps in for a primary that comes back
        /// soon, each may be right, and together they give the primary's slots to nobody: who was given them then would
        /// rob their owner, which would drop its keys. Or they tell of a slot that is left open at one, and is opened
        /// anew at another meanwhile. So what is done for these reasons must be so in two looks.
        var needsTwoLooks: Bool {
            switch self {
            case .assign, .settle: true
            case .close, .finish, .gather, .inform, .promote: false
            }
        }
    }

    var actions: [Action] = []
    /// Something that must be done by hand first, a sentence each.
    var blocked: [String] = []
    var warnings: [String] = []

    var isEmpty: Bool { actions.isEmpty && blocked.isEmpty }

    /// A line for each action, for who is to decide.
    func steps(_ topology: Topology) -> [String] {
        actions.map { action in
            switch action {
            case .close(let slots, let owner, _):
                let whose = owner.map { " and \(slots.count == 1 ? "stays" : "stay") with \($0.address)" } ?? ""
                return
                    "\(slots.words) \(slots.count == 1 ? "is" : "are") closed\(whose): none of \(slots.count == 1 ? "its" : "their") keys has gone"
            case .finish(let slots, let from, let to):
                return
                    "\(slots.words): what keys are left at \(from.address) go to \(to.address), which has the slot\(slots.count == 1 ? "" : "s") then"
            case .gather(let slots, let from, let to, _):
                return "\(slots.words): keys that lie at \(from.address), where they do not belong, go to \(to.address)"
            case .assign(let slots, let to):
                return "\(slots.words), which nobody has, \(slots.count == 1 ? "goes" : "go") to \(to.address)"
            case .inform(let slots, let viewer, let owner):
                return "\(viewer.address) is told that \(owner.address) has \(slots.words)"
            case .settle(let slots, let replica, let primary):
                return "\(topology.name(of: replica)) is told by \(primary.address), its primary, that \(slots.words) "
                    + (slots.count == 1 ? "is not open any more" : "are not open any more")
            case .promote(let replica, let primary):
                return
                    "\(replica.address) takes the place of \(topology.name(of: primary)), which is down and had no slots yet"
            }
        }
    }
}
