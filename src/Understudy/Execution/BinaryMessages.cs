using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Execution;

/// <summary>The binary messages: big-endian numbers, the kind first.</summary>
internal static class BinaryMessages
{
    private const int Preview = 1;
    private const int Text = 3;
    private const int PreviewWithMetadata = 4;
    private const int Jpeg = 1;

    /// <summary>A preview that says nothing but its format.</summary>
    public static byte[] OfPreview(byte[] jpeg) => Join(Number(Preview), Number(Jpeg), jpeg);

    /// <summary>A preview that says of which node it is.</summary>
    public static byte[] OfPreview(string promptId, string node, byte[] jpeg)
    {
        var about = PythonJson.Serialize(new JsonObject
        {
            ["node_id"] = node,
            ["prompt_id"] = promptId,
            ["display_node_id"] = node,
            ["parent_node_id"] = null,
            ["real_node_id"] = node,
            ["image_type"] = "image/jpeg",
        });
        return Join(Number(PreviewWithMetadata), Number(about.Length), about, jpeg);
    }

    /// <summary>A line of HTML that is shown on a node.</summary>
    public static byte[] OfText(string node, string html)
    {
        var id = Encoding.UTF8.GetBytes(node);
        return Join(Number(Text), Number(id.Length), id, Encoding.UTF8.GetBytes(html));
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Join(params IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];
}
