using Rocket.Models.Checkpoints;

namespace Rocket.Pipeline.Artifacts;

/// <summary>A tensor of a model folder that is being written, and how its bytes are had.</summary>
/// <param name="Info">Name, type and shape.</param>
/// <param name="Write">Writes its bytes.</param>
public sealed record ArtifactTensor(TensorInfo Info, Action<SafetensorsWriter> Write)
{
    /// <summary>A tensor as a checkpoint holds it, or rows of one under another name.</summary>
    /// <param name="view">The stored tensor.</param>
    /// <param name="name">The name in the new folder.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="rows">Number of rows; -1: the whole tensor.</param>
    public static ArtifactTensor Copy(TensorView view, string name, long firstRow = 0, long rows = -1)
    {
        TensorInfo info = rows < 0 ? view.Info with { Name = name } : new TensorInfo(name, view.Info.Type, [rows, .. view.Info.Shape.Skip(1)]);
        long offset = rows < 0 ? 0 : firstRow * (view.ByteLength / view.Info.Shape[0]);
        return new ArtifactTensor(info, writer => CopyBytes(writer, view, name, offset, info.ByteLength));
    }

    /// <summary>Writes all bytes of a stored tensor as the next ones of another.</summary>
    /// <param name="writer">Receives them.</param>
    /// <param name="view">The stored tensor.</param>
    /// <param name="name">The tensor that is being written.</param>
    internal static void CopyBytes(SafetensorsWriter writer, TensorView view, string name) => CopyBytes(writer, view, name, 0, view.ByteLength);

    private static void CopyBytes(SafetensorsWriter writer, TensorView view, string name, long offset, long length)
    {
        const int Piece = 1 << 24;
        for (long done = 0; done < length; done += Piece)
        {
            writer.Write(name, view.Slice(offset + done, (int)Math.Min(Piece, length - done)));
        }

        view.DropResidentPages();
    }
}
