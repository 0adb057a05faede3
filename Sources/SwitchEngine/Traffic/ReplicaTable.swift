// SPDX-License-Identifier: Apache-2.0

/// Lists of copies by number, as the packet path reads them: those of multicast groups and of mirror sessions. One
/// access finds a list, without hashing and without counting references.
@safe
struct ReplicaTable: ~Copyable, @unchecked Sendable {
    /// The copies of one group or session; valid until the control plane changes it.
    @safe
    struct List: BitwiseCopyable {
        fileprivate var base: UnsafeMutablePointer<Replica>?
        private(set) var count = 0
        /// Whether the number is in use, perhaps without copies.
        private(set) var exists = false
        /// The most bytes of a copy that leave.
        var truncateTo = UInt32.max
        /// A group whose copies come before these; 0 for none.
        var group = 0

        fileprivate init() { unsafe base = nil }

        fileprivate init(_ replicas: [Replica]) {
            exists = true
            count = replicas.count
            unsafe base = nil
            guard !replicas.isEmpty else { return }
            let memory = UnsafeMutablePointer<Replica>.allocate(capacity: replicas.count)
            for (place, replica) in replicas.enumerated() { unsafe (memory + place).initialize(to: replica) }
            unsafe base = memory
        }

        subscript(place: Int) -> Replica {
            assert(place >= 0 && place < count)
            return unsafe base.unsafelyUnwrapped[place]
        }
    }

    private var lists: OwnedBuffer<List>

    init() { lists = OwnedBuffer(count: 16, repeating: List()) }

    deinit { for number in 0..<lists.count { unsafe lists[number].base?.deallocate() } }

    /// The list with a number that is not negative; one that does not exist is empty.
    subscript(number: Int) -> List {
        @inline(__always) get { number < lists.count ? lists[number] : List() }
    }

    /// Makes a list, or gives it another content.
    mutating func set(_ number: Int, to replicas: [Replica], truncateTo: UInt32 = .max, group: Int = 0) {
        if number >= lists.count { lists.grow(to: max(number + 1, lists.count * 2), repeating: List()) }
        unsafe lists[number].base?.deallocate()
        lists[number] = List(replicas)
        lists[number].truncateTo = truncateTo
        lists[number].group = group
    }

    mutating func remove(_ number: Int) {
        guard number < lists.count else { return }
        unsafe lists[number].base?.deallocate()
        lists[number] = List()
    }
}
