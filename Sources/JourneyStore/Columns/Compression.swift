// SPDX-License-Identifier: Apache-2.0

internal import CZstd

/// Zstandard with buffers that are used again. The only place of this target that calls C.
@safe struct Compression: ~Copyable {
    /// A level that costs less than the rest of writing a segment.
    private static let level: Int32 = 1
    private let compressor: OpaquePointer
    private let decompressor: OpaquePointer
    private var buffer: [UInt8] = []

    init() {
        guard let compressor = unsafe ZSTD_createCCtx(), let decompressor = unsafe ZSTD_createDCtx() else {
            fatalError("no memory for a compression context")
        }
        unsafe self.compressor = unsafe compressor
        unsafe self.decompressor = unsafe decompressor
    }

    deinit {
        unsafe ZSTD_freeCCtx(compressor)
        unsafe ZSTD_freeDCtx(decompressor)
    }

    /// One frame with the content's size and a checksum of 32 bits in it.
    mutating func compress(_ bytes: borrowing [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        if buffer.count < bound { buffer = Array(repeating: 0, count: bound) }
        unsafe ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, Self.level)
        unsafe ZSTD_CCtx_setParameter(compressor, ZSTD_c_checksumFlag, 1)
        let size = unsafe buffer.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compress2(compressor, target.baseAddress, target.count, source.baseAddress, source.count)
            }
        }
        guard ZSTD_isError(size) == 0 else { fatalError("Zstandard refused a buffer of its own bound") }
        return Array(buffer[..<size])
    }

    /// - Parameter size: bytes that come out; anything else is damage.
    /// - Returns: nil if the bytes are damaged.
    mutating func decompress(_ bytes: borrowing [UInt8], to size: Int) -> [UInt8]? {
        var content = [UInt8](repeating: 0, count: size)
        let written = unsafe content.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_decompressDCtx(
                    decompressor, target.baseAddress, target.count, source.baseAddress, source.count)
            }
        }
        return ZSTD_isError(written) == 0 && written == size ? content : nil
    }
}
