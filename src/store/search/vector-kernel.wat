;; Scalar products of one int16 query with many int8 rows, with 128-bit SIMD. Built into vector-kernel.generated.ts by
;; scripts/build-kernel.ts.
;;
;; The query stays in int16 because that costs no more than int8 (its lanes need no widening in the loop) and leaves the rows'
;; rounding as the only error. A sum fits into int32 as long as |row| * |query| does, which quantisation.ts sees to.
(module
  (memory (import "store" "memory") 1)

  ;; For each of $count rows of $stride bytes (a multiple of 32) from $row on, writes its scalar product with the $stride int16
  ;; at $query as one int32, from $out on.
  (func (export "dotRows")
    (param $row i32) (param $query i32) (param $out i32) (param $count i32) (param $stride i32)
    (local $rowEnd i32) (local $end i32) (local $q i32) (local $bytes v128) (local $even v128) (local $odd v128)
    (local.set $rowEnd (i32.add (local.get $row) (i32.mul (local.get $count) (local.get $stride))))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $row) (local.get $rowEnd)))
        (local.set $end (i32.add (local.get $row) (local.get $stride)))
        (local.set $q (local.get $query))
        (local.set $even (v128.const i32x4 0 0 0 0))
        (local.set $odd (v128.const i32x4 0 0 0 0))
        (loop $lanes
          (local.set $bytes (v128.load (local.get $row)))
          (local.set $even (i32x4.add (local.get $even)
            (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_s (local.get $bytes)) (v128.load (local.get $q)))))
          (local.set $odd (i32x4.add (local.get $odd)
            (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_s (local.get $bytes)) (v128.load offset=16 (local.get $q)))))
          (local.set $bytes (v128.load offset=16 (local.get $row)))
          (local.set $even (i32x4.add (local.get $even)
            (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_s (local.get $bytes)) (v128.load offset=32 (local.get $q)))))
          (local.set $odd (i32x4.add (local.get $odd)
            (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_s (local.get $bytes)) (v128.load offset=48 (local.get $q)))))
          (local.set $q (i32.add (local.get $q) (i32.const 64)))
          (local.set $row (i32.add (local.get $row) (i32.const 32)))
          (br_if $lanes (i32.lt_u (local.get $row) (local.get $end))))
        (local.set $even (i32x4.add (local.get $even) (local.get $odd)))
        (i32.store (local.get $out)
          (i32.add
            (i32.add (i32x4.extract_lane 0 (local.get $even)) (i32x4.extract_lane 1 (local.get $even)))
            (i32.add (i32x4.extract_lane 2 (local.get $even)) (i32x4.extract_lane 3 (local.get $even)))))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $rows)))))
