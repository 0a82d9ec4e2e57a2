using System.Collections.Immutable;
using System.Text.Json;
using Google.Protobuf;

namespace Rocket.Pipeline.Caching;

/// <summary>Writes and reads the subset of Bazel's <c>ActionResult</c> message that Rocket needs; other fields are skipped.</summary>
/// <remarks>
/// build.bazel.remote.execution.v2: ActionResult { repeated OutputFile output_files = 2; bytes stdout_raw = 5; },
/// OutputFile { string path = 1; Digest digest = 2; }, Digest { string hash = 1; int64 size_bytes = 2; }.
/// <c>stdout_raw</c> holds the label and a check over key, outputs and label as JSON: an entry that was damaged, or that lies
/// under another action's key, does not read. The check covers values, not bytes: a server may write the message anew.
/// </remarks>
internal static class ActionResultCodec
{
    private const int OutputFilesField = 2;
    private const int StandardOutputField = 5;

    public static byte[] Write(Digest key, ActionResult result)
    {
        using MemoryStream bytes = new();
        using (CodedOutputStream output = new(bytes, leaveOpen: true))
        {
            foreach (OutputFile file in result.OutputFiles)
            {
                output.WriteTag(OutputFilesField, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(WriteFile(file));
            }

            Note note = new(result.Label?.Stage, result.Label?.Model, Check(key, result).ToString());
            output.WriteTag(StandardOutputField, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(note)));
        }

        return bytes.ToArray();
    }

    /// <summary>The entry, or null where the bytes are malformed, damaged, or another key's.</summary>
    public static ActionResult? TryRead(Digest key, byte[] bytes)
    {
        ImmutableArray<OutputFile>.Builder files = ImmutableArray.CreateBuilder<OutputFile>();
        Note? note = null;
        try
        {
            using CodedInputStream input = new(bytes);
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
                {
                    case (OutputFilesField, WireFormat.WireType.LengthDelimited):
                        if (ReadFile(input.ReadBytes()) is not { } file)
                        {
                            return null;
                        }

                        files.Add(file);
                        break;
                    case (StandardOutputField, WireFormat.WireType.LengthDelimited):
                        note = JsonSerializer.Deserialize<Note>(input.ReadBytes().Span);
                        break;
                    default:
                        input.SkipLastField();
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or JsonException)
        {
            return null;
        }

        ActionResult result = new(files.ToImmutable())
        {
            Label = note is { Stage: { } stage, Model: { } model } ? new ActionLabel(stage, model) : null,
        };
        return note is not null && note.Check == Check(key, result).ToString() ? result : null;
    }

    private static Digest Check(Digest key, ActionResult result)
    {
        KeyBuilder check = new KeyBuilder("action-result", 1)
            .Add("key", key)
            .Add("stage", result.Label?.Stage ?? "")
            .Add("model", result.Label?.Model ?? "");
        foreach (OutputFile file in result.OutputFiles)
        {
            check.Add("path", file.Path).Add("digest", file.Digest).Add("size", file.Size);
        }

        return check.Build();
    }

    private static ByteString WriteFile(OutputFile file) => WriteMessage(output =>
    {
        output.WriteTag(1, WireFormat.WireType.LengthDelimited);
        output.WriteString(file.Path);
        output.WriteTag(2, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(WriteMessage(digest =>
        {
            digest.WriteTag(1, WireFormat.WireType.LengthDelimited);
            digest.WriteString(file.Digest.ToString());
            digest.WriteTag(2, WireFormat.WireType.Varint);
            digest.WriteInt64(file.Size);
        }));
    });

    private static ByteString WriteMessage(Action<CodedOutputStream> write)
    {
        using MemoryStream bytes = new();
        using (CodedOutputStream output = new(bytes, leaveOpen: true))
        {
            write(output);
        }

        return ByteString.CopyFrom(bytes.ToArray());
    }

    private static OutputFile? ReadFile(ByteString message)
    {
        string? path = null;
        (Digest Digest, long Size)? digest = null;
        using CodedInputStream input = message.CreateCodedInput();
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (1, WireFormat.WireType.LengthDelimited):
                    path = input.ReadString();
                    break;
                case (2, WireFormat.WireType.LengthDelimited):
                    digest = ReadDigest(input.ReadBytes());
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return path is not null && digest is { } found ? new OutputFile(path, found.Digest, found.Size) : null;
    }

    private static (Digest Digest, long Size)? ReadDigest(ByteString message)
    {
        Digest? hash = null;
        long size = 0;
        using CodedInputStream input = message.CreateCodedInput();
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (1, WireFormat.WireType.LengthDelimited):
                    // In lower case, as the message has it: a flipped bit may make a digit's other case of it.
                    string text = input.ReadString();
                    hash = Digest.TryParse(text, out Digest parsed) && parsed.ToString() == text ? parsed : null;
                    break;
                case (2, WireFormat.WireType.Varint):
                    size = input.ReadInt64();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return hash is { } found && size >= 0 ? (found, size) : null;
    }

    private sealed record Note(string? Stage, string? Model, string? Check);
}
