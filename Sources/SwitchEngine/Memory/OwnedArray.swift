// SPDX-License-Identifier: Apache-2.0

/// A fixed number of elements that cannot be copied, each reached in place.
@safe
struct OwnedArray<Element: ~Copyable>: ~Copyable {
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    init<Failure: Error>(count: Int, make: (Int) throws(Failure) -> Element) throws(Failure) {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
        for index in 0..<count {
            do throws(Failure) {
                try unsafe (memory + index).initialize(to: make(index))
            } catch {
                unsafe memory.deinitialize(count: index)
                unsafe memory.deallocate()
                throw error
            }
        }
        unsafe base = memory
        self.count = count
    }

    deinit {
        unsafe base.deinitialize(count: count)
        unsafe base.deallocate()
    }

    subscript(index: Int) -> Element {
        unsafeAddress {
            assert(index >= 0 && index < count)
            return unsafe UnsafePointer(base + index)
        }
        unsafeMutableAddress {
            assert(index >= 0 && index < count)
            return unsafe base + index
        }
    }
}

extension OwnedArray: @unchecked Sendable where Element: ~Copyable & Sendable {}
