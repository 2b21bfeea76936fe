using System.Buffers.Binary;
using CsCheck;
using WanTalk.Core.Errors;
using WanTalk.Core.Quotes;
using WanTalk.Core.Takes;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Quotes;

public sealed class SpeechLengthSpecs
{
    private static readonly Gen<int> Rates = Gen.Int[0, 5].Select(index => new[] { 8_000, 16_000, 22_050, 44_100, 48_000, 96_000 }[index]);

    [Fact]
    public void A_WAV_is_as_long_as_its_samples_whatever_lies_before_them() =>
        Gen.Select(Rates, Gen.Int[1, 2], Gen.Int[2, 4], Gen.Int[1, 3000], Gen.Int[0, 99], Gen.Bool).Sample(
            (rate, channels, bytes, samples, junk, isOpen) =>
            {
                var wav = Wav(rate, channels * bytes, samples, junk, isOpen ? 0xFFFF_FFFF : null);
                Assert.Equal(InSpeechRate(samples, rate), Measure(wav)!.Samples);
            });

    [Fact]
    public void A_FLAC_is_as_long_as_its_stream_info_says() =>
        Gen.Select(Rates, Gen.Long[1, 1L << 35]).Sample((rate, samples) =>
        {
            var flac = new byte[42];
            "fLaC"u8.CopyTo(flac);
            BinaryPrimitives.WriteUInt64BigEndian(flac.AsSpan(18), ((ulong)rate << 44) | (0x1FUL << 36) | (ulong)samples);
            Assert.Equal(InSpeechRate(samples, rate), Measure(flac)!.Samples);
        });

    [Fact]
    public void A_WAV_that_was_cut_off_is_as_long_as_what_is_left() => Assert.Equal(48_000, Measure(Wav(48_000, 2, 48_000, 0, 4_000_000))!.Samples);

    [Fact]
    public void Whatever_else_it_is_its_length_is_not_known() =>
        Gen.Select(Gen.Byte.Array[0, 80], Gen.Int[0, 3]).Sample((bytes, kind) =>
        {
            byte[] content = [.. kind switch { 0 => [], 1 => "RIFF\0\0\0\0WAVE"u8, 2 => "RIFF\0\0\0\0WAVEfmt "u8, _ => "fLaC"u8 }, .. bytes];
            Assert.True(Measure(content) is null or { Samples: > 0 });
        });

    [Fact]
    public void A_part_lies_in_its_speech_and_its_silences_in_the_part() =>
        Gen.Select(Gen.Long[1, 5_000_000], Gen.Long[0, 5_000_000], Gen.Long[0, 5_000_000], Gen.Long[0, 4_900_000]).Sample((samples, start, length, silent) =>
        {
            var speech = new SpeechExtent(samples, silent < samples ? [new Silence(silent, Math.Min(40_000, samples - silent))] : []);
            try
            {
                var part = speech.Part(new SpeechCut(start, start + length));
                Assert.Equal(Math.Min(samples, start + length) - start, part.Samples);
                Assert.All(part.Silences!, silence => Assert.True(
                    silence.FirstSample >= 0 && silence.Samples > 0 && silence.FirstSample + silence.Samples <= part.Samples));
            }
            catch (TalkException refused)
            {
                Assert.Equal(ErrorCode.SpeechTooShort, refused.Error.Code);
                Assert.True(Math.Min(samples, start + length) - start < 9_600);
            }
        });

    private static long InSpeechRate(long samples, int rate) => (long)Math.Round((decimal)samples * 48_000 / rate, MidpointRounding.AwayFromZero);

    /// <summary>Null when its length is not known.</summary>
    private static SpeechExtent? Measure(byte[] content)
    {
        using var stream = new MemoryStream(content);
        try
        {
            return new HeaderSpeechLength().MeasureAsync(stream, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (TalkException unknown)
        {
            Assert.Equal(ErrorCode.SpeechLengthUnknown, unknown.Error.Code);
            Assert.Contains("audio_seconds", unknown.Error.Message, StringComparison.Ordinal);
            return null;
        }
    }

    private static byte[] Wav(int rate, int frame, int samples, int junk, uint? size)
    {
        using var wav = new MemoryStream();
        using var writer = new BinaryWriter(wav);
        writer.Write("RIFF\0\0\0\0WAVELIST"u8);
        writer.Write(junk);
        writer.Write(new byte[junk + (junk % 2)]);
        writer.Write("fmt "u8);
        writer.Write(16);
        writer.Write((ushort)1);
        writer.Write((ushort)1);
        writer.Write(rate);
        writer.Write(rate * frame);
        writer.Write((ushort)frame);
        writer.Write((ushort)16);
        writer.Write("data"u8);
        writer.Write(size ?? (uint)(samples * frame));
        writer.Write(new byte[samples * frame]);
        return wav.ToArray();
    }
}
