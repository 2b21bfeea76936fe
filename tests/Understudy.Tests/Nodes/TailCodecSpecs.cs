using CsCheck;
using WanTalk.Understudy.Nodes.Pack;

namespace WanTalk.Understudy.Tests.Nodes;

public sealed class TailCodecSpecs
{
    [Fact]
    public void Every_8_bit_value_survives_the_way_through_bfloat16()
    {
        for (var value = 0; value < 256; value++)
            Assert.Equal(value, TailCodec.ToByte(TailCodec.ToBfloat16((float)((value / 127.5) - 1))));
    }

    [Fact]
    public void Frames_come_back_as_they_went() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int).Sample((count, width, height, seed) =>
        {
            var random = new Random(seed);
            var frames = Enumerable.Range(0, count).Select(_ => new byte[3 * width * height]).ToList();
            frames.ForEach(random.NextBytes);
            using var tensor = new MemoryStream();
            TailCodec.Encode(frames, width, height, row => tensor.Write(row));

            Assert.Equal(TailCodec.BytesOf(count, width, height), tensor.Length);
            tensor.Position = 0;
            Assert.Equal(frames, TailCodec.Decode(tensor, count, width, height));
        });

    [Fact]
    public void The_tensor_is_channel_frame_row_column()
    {
        byte[] first = [1, 2, 3, 4, 5, 6], second = [7, 8, 9, 10, 11, 12];
        using var tensor = new MemoryStream();
        TailCodec.Encode([first, second], 2, 1, row => tensor.Write(row));

        var bytes = tensor.ToArray();
        var values = Enumerable.Range(0, 12).Select(i => (int)TailCodec.ToByte(BitConverter.ToUInt16(bytes, 2 * i)));
        Assert.Equal([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12], values);
    }
}
