using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Rocket.Compression.Diagnostics;

namespace Rocket.Compression.Native;

/// <summary>
/// Lets TorchSharp's library load on systems whose C++ runtime is older than GCC 13 (Debian 12, Ubuntu 22.04, RHEL 9).
/// </summary>
/// <remarks>
/// The library asks for GLIBCXX_3.4.32 because of one symbol, <c>std::ios_base_library_init</c>, which is never relocated:
/// the requirement comes from including iostream alone. Marking that version requirement weak (VER_FLG_WEAK in
/// <c>vna_flags</c> of its entry in <c>.gnu.version_r</c>) lets the loader accept an older runtime. The file is written only
/// when the plain load failed with that version missing and no other symbol needs it.
/// </remarks>
public static class GlibcxxPatch
{
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private const string OnlySymbol = "_ZSt21ios_base_library_initv";
    private const ushort VersionFlagWeak = 2;

    private const uint SectionDynamicSymbols = 11;
    private const uint SectionVersionNeeds = 0x6ffffffe;
    private const uint SectionVersionSymbols = 0x6fffffff;

    /// <summary>Whether a failed load is the one that the patch mends.</summary>
    public static bool Applies(DllNotFoundException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return OperatingSystem.IsLinux() && exception.Message.Contains(MissingVersion, StringComparison.Ordinal);
    }

    /// <summary>Writes the patched copy, once, under a name that holds the hash of the original.</summary>
    /// <param name="onWritten">Told the path of a copy that was not there before.</param>
    /// <returns>Path of the copy.</returns>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3003: the file is not the one that the patch is for.</exception>
    public static string Write(string library, string folder, Action<string>? onWritten = null)
    {
        byte[] image = File.ReadAllBytes(library);
        string hash = Convert.ToHexStringLower(SHA256.HashData(image))[..16];
        string target = Path.Combine(folder, $"libLibTorchSharp-{hash}.so");
        if (File.Exists(target))
        {
            return target;
        }

        if (!TryMarkWeak(image))
        {
            throw CompressionErrors.LibraryCannotBePatched(library, MissingVersion);
        }

        Directory.CreateDirectory(folder);
        string temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        File.WriteAllBytes(temporary, image);
        File.Move(temporary, target, overwrite: true);
        onWritten?.Invoke(target);
        return target;
    }

    /// <summary>Marks the version requirement weak in an ELF image, if the image is as expected.</summary>
    /// <returns>False, and the image unchanged, where it is not.</returns>
    public static bool TryMarkWeak(Span<byte> image)
    {
        try
        {
            return new ElfImage(image).TryMarkWeak();
        }
        catch (ArgumentOutOfRangeException)
        {
            // An offset in the file points outside of it: not a library that this patch knows.
            return false;
        }
    }

    /// <summary>Just enough of a little-endian 64-bit ELF shared object.</summary>
    private readonly ref struct ElfImage(Span<byte> image)
    {
        private readonly Span<byte> _image = image;

        public bool TryMarkWeak()
        {
            ReadOnlySpan<byte> magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];
            if (_image.Length < 64 || !_image[..6].SequenceEqual(magic)
                || !TryFindSection(SectionVersionNeeds, out Section needs)
                || !TryFindSection(SectionDynamicSymbols, out Section symbols)
                || !TryFindSection(SectionVersionSymbols, out Section versions)
                || !TryFindRequirement(needs, out int entry)
                || !IsOnlyUseOf(U16(entry + 6), symbols, versions))
            {
                return false;
            }

            BinaryPrimitives.WriteUInt16LittleEndian(_image[(entry + 4)..], VersionFlagWeak);
            return true;
        }

        // Elf64_Verneed: version, count u16, file u32, aux u32, next u32. Elf64_Vernaux: hash u32, flags u16, other u16, name u32, next u32.
        private bool TryFindRequirement(Section needs, out int entry)
        {
            int strings = SectionAt(needs.Link).Offset;
            for (int need = needs.Offset; ; need += (int)U32(need + 12))
            {
                entry = need + (int)U32(need + 8);
                for (int i = U16(need + 2); i > 0; i--, entry += (int)U32(entry + 12))
                {
                    if (Text(strings + (int)U32(entry + 8)) == MissingVersion)
                    {
                        return true;
                    }
                }

                if (U32(need + 12) == 0)
                {
                    return false;
                }
            }
        }

        // Elf64_Sym is 24 bytes long and begins with the name; .gnu.version holds one u16 a symbol.
        private bool IsOnlyUseOf(ushort version, Section symbols, Section versions)
        {
            int strings = SectionAt(symbols.Link).Offset;
            for (int i = 0; i < symbols.Size / 24; i++)
            {
                if (U16(versions.Offset + (2 * i)) == version && Text(strings + (int)U32(symbols.Offset + (24 * i))) != OnlySymbol)
                {
                    return false;
                }
            }

            return true;
        }

        private bool TryFindSection(uint type, out Section section)
        {
            for (int i = 0; i < U16(0x3c); i++)
            {
                section = SectionAt(i);
                if (section.Type == type)
                {
                    return true;
                }
            }

            section = default;
            return false;
        }

        private Section SectionAt(int index)
        {
            int header = (int)U64(0x28) + (index * U16(0x3a));
            return new Section(U32(header + 4), (int)U64(header + 0x18), (int)U64(header + 0x20), (int)U32(header + 0x28));
        }

        private string Text(int offset)
        {
            ReadOnlySpan<byte> rest = _image[offset..];
            return Encoding.ASCII.GetString(rest[..Math.Max(rest.IndexOf((byte)0), 0)]);
        }

        private ushort U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_image[offset..]);

        private uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_image[offset..]);

        private ulong U64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_image[offset..]);
    }

    private readonly record struct Section(uint Type, int Offset, int Size, int Link);
}
