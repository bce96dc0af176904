/// The meaning of a place on the screen, as a value of the one who drew it.
public struct Target: Hashable, Sendable {
    public let value: any Hashable & Sendable

    public init(_ value: any Hashable & Sendable) { self.value = value }

    public static func == (left: Target, right: Target) -> Bool { AnyHashable(left.value) == AnyHashable(right.value) }

    public func hash(into hasher: inout Hasher) { value.hash(into: &hasher) }
}

/// A part of a canvas that can be clicked.
public struct Region: Hashable, Sendable {
    public let rect: Rect
    public let target: Target
}
