/// The parts of an epoch's number.
///
/// A layout that was forced ranks above every layout that members who were not asked may have decided meanwhile. So the
/// number counts, above all, how often a layout was forced: bits 45 to 52. Two halves of a cluster may each force one,
/// so bits 24 to 44 tell them apart. Bits 0 to 23 count the changes, forced or not. The whole stays below 2^53, where
/// every reader of JSON takes it exactly.
public enum EpochNumber {
    private static let forcedShift: UInt64 = 45
    private static let authorShift: UInt64 = 24
    private static let forcedMax: UInt64 = 255
    private static let changesMask: UInt64 = 0xFF_FFFF
    private static let authorMask: UInt64 = 0x1F_FFFF

    /// The number of times that a layout was forced until then.
    public static func forced(_ epoch: UInt64) -> UInt64 { epoch >> forcedShift }

    /// The number of changes of the layout until then, the founding one included.
    public static func changes(_ epoch: UInt64) -> UInt64 { epoch & changesMask }

    /// The epoch that follows where nobody forces one. Past the last of all, which only a lie brings a node to, none does.
    static func next(_ epoch: UInt64) -> UInt64 { epoch &+ 1 }

    /// The epoch that `node` forces after `epoch`; nil if layouts were forced 255 times.
    ///
    /// - Parameter incarnation: which start of `node` it is, so that no two of them choose alike.
    static func forcing(after epoch: UInt64, by node: NodeAddress, incarnation: UInt64) -> UInt64? {
        guard forced(epoch) < forcedMax else { return nil }
        // FNV-1a: only to tell two authors apart.
        var author: UInt64 = 14_695_981_039_346_656_037
        for byte in "\(node) \(incarnation)".utf8 { author = (author ^ UInt64(byte)) &* 1_099_511_628_211 }
        let mixed = (author ^ (author >> 32)) & authorMask
        return (forced(epoch) + 1) << forcedShift | mixed << authorShift | (changes(epoch) + 1) & changesMask
    }

    /// True if an operation for `next` may begin from `epoch`.
    static func follows(_ next: UInt64, _ epoch: UInt64) -> Bool {
        next == self.next(epoch) || forces(next, over: epoch)
    }

    /// True if `next` is `epoch` followed by a forced change.
    static func forces(_ next: UInt64, over epoch: UInt64) -> Bool {
        forced(next) == forced(epoch) + 1 && changes(next) == changes(epoch) + 1
    }

    /// In words: "3", or "4, forced" where the last forced change is part of it.
    public static func words(_ epoch: UInt64) -> String {
        forced(epoch) == 0 ? "\(epoch)" : "\(changes(epoch)), forced"
    }
}
