using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using WanTalk.ComfyUI.Safetensors;

namespace WanTalk.ComfyUI.Tests.Safetensors;

public sealed class SafetensorsSpecs
{
    private static readonly Gen<TensorSource[]> Tensors =
        Gen.Select(Gen.Int[0, 4].Select(kind => ((string[])["U8", "BF16", "F16", "F32", "I64"])[kind]), Gen.Int[0, 5].Array[0, 3])
            .Array[0, 5]
            .Select(kinds => kinds.Select((kind, index) => Tensor($"t{index}", kind.Item1, kind.Item2)).ToArray());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(Tensors, Gen.String).Sample((tensors, text) =>
    {
        var bytes = Write(new JsonObject { ["text"] = Clean(text) }, tensors);
        var header = Read(bytes);

        Assert.Equal(Clean(text), header.Metadata!["text"]!.ToString());
        Assert.Equal(bytes.Length, header.FileLength);
        Assert.Equal(0, header.DataStart % 8);
        Assert.Equal(tensors.Length, header.Tensors.Count);
        foreach (var tensor in tensors)
        {
            var found = header[tensor.Name];
            Assert.Equal(tensor.DType, found.DType);
            Assert.Equal(tensor.Shape, found.Shape);
            var body = bytes.AsSpan((int)(header.DataStart + found.Start), (int)found.Length);
            Assert.All(body.ToArray(), value => Assert.Equal((byte)tensor.Name[1], value));
        }
    });

    [Fact]
    public void The_same_contents_are_the_same_bytes_in_whatever_order_they_come() => Gen.Select(Tensors, Gen.Int).Sample((tensors, seed) =>
    {
        var shuffled = tensors.ToArray();
        new Random(seed).Shuffle(shuffled);
        Assert.Equal(Write([], tensors), Write([], shuffled));
    });

    [Fact]
    public void A_file_cut_anywhere_is_refused() => Gen.Select(Tensors, Gen.Double[0, 1]).Sample((tensors, where) =>
    {
        var bytes = Write(new JsonObject { ["kind"] = "checkpoint" }, tensors);
        var cut = bytes[..(int)(where * (bytes.Length - 1))];
        Assert.Throws<SafetensorsException>(() => Read(cut));
    });

    [Fact]
    public void A_file_with_bytes_behind_its_end_is_refused() =>
        Assert.Throws<SafetensorsException>(() => Read([.. Write([], [Tensor("a", "U8", [3])]), 0]));

    [Fact]
    public void Foreign_bytes_are_refused_and_never_anything_else() =>
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.Throws<SafetensorsException>(() => Read(bytes)));

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":{\"dtype\":\"F99\",\"shape\":[1],\"data_offsets\":[0,1]}}")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,1]}}")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,-1]}}")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,1]}}")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}")]
    [InlineData("{\"__metadata__\":{\"wantalk\":\"{\"}}")]
    [InlineData("{\"__metadata__\":7}")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}")]
    [InlineData("{nonsense")]
    public void A_header_that_makes_no_sense_is_refused(string json)
    {
        var header = Encoding.UTF8.GetBytes(json);
        var bytes = new byte[8 + header.Length + 2];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes, 8);
        Assert.Throws<SafetensorsException>(() => Read(bytes));
    }

    [Fact]
    public void A_header_of_gigabytes_is_refused_before_it_is_read()
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 1UL << 40);
        Assert.Throws<SafetensorsException>(() => Read(bytes));
    }

    [Fact]
    public async Task A_writer_that_gives_too_few_bytes_is_found_out()
    {
        var wrong = TensorSource.Of("a", "F32", [2], new byte[7]);
        await Assert.ThrowsAsync<SafetensorsException>(() => SafetensorsWriter.WriteAsync(new MemoryStream(), [], [wrong], Stop));
    }

    [Fact]
    public void A_file_without_our_metadata_is_read_and_says_so()
    {
        var json = "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}"u8;
        byte[] bytes = [(byte)json.Length, 0, 0, 0, 0, 0, 0, 0, .. json, 1, 2];
        Assert.Null(Read(bytes).Metadata);
    }

    [Fact]
    public void A_slice_holds_the_rows_that_were_asked_for_and_counts_them_in_its_take() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 9], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((frames, width, where, howMuch, whichTake) =>
        {
            var rows = new byte[frames * width * 4];
            for (var i = 0; i < rows.Length; i++)
                rows[i] = (byte)(i / (width * 4));
            var metadata = new JsonObject { ["first_frame"] = 0, ["total_frames"] = frames, ["conditioning"] = "abc" };
            var whole = Write(metadata, [TensorSource.Of(ConditioningSlice.TensorName, "F32", [frames, width], rows)]);
            var first = (int)(where * (frames - 1));
            var count = 1 + (int)(howMuch * (frames - first - 1));

            var take = (int)(whichTake * first);
            var part = Cut(whole, (take, frames - take), first - take, count);

            var header = Read(part);
            Assert.Equal([count, width], header[ConditioningSlice.TensorName].Shape);
            Assert.Equal(first - take, (int)header.Metadata!["first_frame"]!);
            Assert.Equal(frames - take, (int)header.Metadata["total_frames"]!);
            Assert.Equal("abc", (string)header.Metadata["conditioning"]!);
            Assert.Equal(first, part[header.DataStart]);
            Assert.Equal(first + count - 1, part[^1]);
        });

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(8, 3)]
    [InlineData(10, 1)]
    public void A_slice_of_frames_that_are_not_there_is_refused(int first, int count)
    {
        var whole = Write(new JsonObject { ["first_frame"] = 0 }, [TensorSource.Of(ConditioningSlice.TensorName, "F32", [10, 1], new byte[40])]);
        Assert.Throws<SafetensorsException>(() => Cut(whole, (0, 10), first, count));
        Assert.Throws<SafetensorsException>(() => Cut(whole, (1, 10), first - 1, count));
    }

    [Fact]
    public void Frames_behind_a_takes_end_are_refused_though_the_talk_has_them()
    {
        var whole = Write(new JsonObject { ["first_frame"] = 0 }, [TensorSource.Of(ConditioningSlice.TensorName, "F32", [10, 1], new byte[40])]);
        Assert.Throws<SafetensorsException>(() => Cut(whole, (2, 5), 3, 3));
        Assert.NotEmpty(Cut(whole, (2, 5), 3, 2));
    }

    private static byte[] Cut(byte[] whole, (long FirstFrame, long Frames) take, long first, long count)
    {
        var slice = ConditioningSlice.Cut(Read(whole), take, first, count);
        return [.. slice.Header, .. whole.AsSpan((int)slice.Offset, (int)slice.Length)];
    }

    /// <summary>A tensor whose bytes are all the digit in its name.</summary>
    private static TensorSource Tensor(string name, string dtype, int[] shape)
    {
        long[] dimensions = [.. shape];
        var bytes = new byte[SafetensorsTensor.BytesOf(dtype, dimensions)!.Value];
        bytes.AsSpan().Fill((byte)name[^1]);
        return TensorSource.Of(name, dtype, dimensions, bytes);
    }

    /// <summary>Without lone surrogates, which no UTF-8 can hold.</summary>
    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static byte[] Write(JsonObject metadata, IReadOnlyCollection<TensorSource> tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.WriteAsync(stream, metadata, tensors, CancellationToken.None).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    private static SafetensorsHeader Read(byte[] bytes) =>
        SafetensorsHeader.ReadAsync(new MemoryStream(bytes), CancellationToken.None).GetAwaiter().GetResult();
}
