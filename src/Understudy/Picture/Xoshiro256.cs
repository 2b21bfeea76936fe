using System.Buffers.Binary;
using System.Numerics;

namespace WanTalk.Understudy.Picture;

/// <summary>
/// xoshiro256** 1.0, seeded with SplitMix64 (Blackman and Vigna, https://prng.di.unimi.it), so that a seed gives the same motion on
/// every version of .NET and the state fits into a checkpoint.
/// </summary>
internal struct Xoshiro256
{
    /// <summary>The size of a stored state.</summary>
    public const int Bytes = 32;
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>A generator for a seed.</summary>
    public static Xoshiro256 FromSeed(long seed)
    {
        var state = unchecked((ulong)seed);
        ulong Split()
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }

        return new Xoshiro256 { _a = Split(), _b = Split(), _c = Split(), _d = Split() };
    }

    /// <summary>The generator whose state was stored.</summary>
    public static Xoshiro256 Load(ReadOnlySpan<byte> state) => new()
    {
        _a = BinaryPrimitives.ReadUInt64LittleEndian(state),
        _b = BinaryPrimitives.ReadUInt64LittleEndian(state[8..]),
        _c = BinaryPrimitives.ReadUInt64LittleEndian(state[16..]),
        _d = BinaryPrimitives.ReadUInt64LittleEndian(state[24..]),
    };

    /// <summary>Stores the state.</summary>
    public readonly void Save(Span<byte> state)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(state, _a);
        BinaryPrimitives.WriteUInt64LittleEndian(state[8..], _b);
        BinaryPrimitives.WriteUInt64LittleEndian(state[16..], _c);
        BinaryPrimitives.WriteUInt64LittleEndian(state[24..], _d);
    }

    /// <summary>The next number, from <paramref name="low"/> up to but not including <paramref name="high"/>.</summary>
    public float Between(float low, float high) => low + ((high - low) * ((Next() >> 40) * (1f / (1 << 24))));

    private ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }
}
