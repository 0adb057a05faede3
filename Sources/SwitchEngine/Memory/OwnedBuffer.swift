// SPDX-License-Identifier: Apache-2.0

/// A run of trivial elements that is owned, freed with its owner, and never shared.
///
/// Arrays count references and check uniqueness at each write; the packet path can afford neither, so
/// everything it touches lives in one of these. Bounds are checked in debug builds only: indices come
/// from a program that `ProgramCheck` accepted or from the engine's own tables.
@safe
struct OwnedBuffer<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var count: Int

    init(count: Int, repeating value: Element) {
        unsafe base = .allocate(capacity: max(count, 1))
        unsafe base.initialize(repeating: value, count: count)
        self.count = count
    }

    init(_ elements: [Element]) {
        unsafe base = .allocate(capacity: max(elements.count, 1))
        for (index, element) in elements.enumerated() { unsafe (base + index).initialize(to: element) }
        count = elements.count
    }

    deinit { unsafe base.deallocate() }

    subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < count)
            return unsafe base[index]
        }
        nonmutating set {
            assert(index >= 0 && index < count)
            unsafe base[index] = newValue
        }
    }

    /// A place in the buffer, for changing one member of a large element without copying the rest.
    func pointer(at index: Int) -> UnsafeMutablePointer<Element> {
        assert(index >= 0 && index < count)
        return unsafe base + index
    }

    mutating func grow(to newCount: Int, repeating value: Element) {
        guard newCount > count else { return }
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: newCount)
        unsafe larger.initialize(from: base, count: count)
        unsafe (larger + count).initialize(repeating: value, count: newCount - count)
        unsafe base.deallocate()
        unsafe base = larger
        count = newCount
    }

    func fill(_ value: Element) {
        unsafe base.update(repeating: value, count: count)
    }
}
